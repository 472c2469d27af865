# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rolls an Auto Scaling group to an image, a few instances at a time, and takes that back."""

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_refresh
version_added: 1.0.0
short_description: Replace the instances of an Auto Scaling group in place, a few at a time
description:
  - Rolls a group to an image by an instance refresh of Amazon EC2 Auto Scaling, waits for it, and shows its progress.
    The group gets a new numbered version of its own launch template, in which only the image changes. AWS sets that
    version on the group when the refresh has succeeded.
  - A group whose launch template and instances have the image already stays as it is. A refresh that is in progress to
    the same image is resumed, one to another image is an error.
  - Where the group follows V($Latest) or V($Default), it is first set to the number that this means now, because AWS
    rolls back to nothing else.
  - Before a refresh starts, the group's present image and release are written to its tags C(bluegreen:previous-image)
    and C(bluegreen:previous-release). They are what O(state=rolled_back) returns to when the refresh is finished.
  - Two kinds of groups are refused. AWS does not roll one whose mixed instances policy chooses instance types by
    attributes to another image. In one whose desired capacity is not above its largest instance weight, it may replace
    all instances at the same time; on the way back, that is a warning only.
  - The tag C(bluegreen:release) of a group that is rolled is not handed to its instances any more, which would be
    labeled with the release before.
options:
  state:
    description:
      - With V(present), every instance has the image.
      - With V(canceled), no refresh is in progress any more. What it has replaced stays, so that the group has
        instances of both images until it is rolled again.
      - With V(rolled_back), every instance has the image again that it had before the last roll. A refresh that is
        in progress is rolled back by AWS. A finished one cannot be, so the group is refreshed to the previous version
        of its launch template, without O(alarms), and RV(msg) says so.
    type: str
    choices: [present, canceled, rolled_back]
    default: present
  group:
    description: The Auto Scaling group's name.
    type: str
    required: true
  service:
    description:
      - The service that the group belongs to. New versions of its launch template are described with it.
      - Required unless O(state=canceled).
    type: str
  image_id:
    description:
      - Id of the machine image that the instances are to have. Required with O(state=present).
      - With O(state=rolled_back), a finished roll is taken back only if it was to this image. By default, the last one
        is.
    type: str
  release:
    description:
      - The label of what runs then, written to the group's tag C(bluegreen:release) when the refresh has succeeded.
      - By default, a group that has a label for O(image_id) keeps it, and another one is labeled with O(image_id).
    type: str
  min_healthy_percentage:
    description:
      - How many percent of the desired capacity have to be in service, healthy and warmed up at any time, from 0 to
        100, rounded up.
    type: int
    default: 100
  max_healthy_percentage:
    description:
      - How many percent of the desired capacity may be there at once, from 100 to 200, rounded down. It may be at most
        100 above O(min_healthy_percentage).
      - Where both leave no room for a replacement, AWS launches one instance more before it terminates one.
    type: int
    default: 110
  instance_warmup:
    description:
      - For how many seconds an instance has to be in service before it counts.
      - By default, the group's default instance warmup, or else its health check grace period.
    type: int
  checkpoints:
    description:
      - At which percentages of replaced instances AWS holds the refresh, in rising order. It always continues to 100.
      - With few instances, AWS skips a checkpoint when the next one is reached at the same time.
    type: list
    elements: int
    default: []
  checkpoint_delay:
    description:
      - For how many seconds AWS holds the refresh at each of O(checkpoints), up to 172800. AWS continues by itself
        afterwards. No API call makes it continue earlier.
    type: int
    default: 3600
  bake_time:
    description:
      - For how many seconds AWS keeps the refresh open when everything is replaced, up to 172800. Until it is over, the
        refresh can still be rolled back.
    type: int
    default: 0
  skip_matching:
    description: Whether instances that were launched from the same version of the launch template are left alone.
    type: bool
    default: true
  scale_in_protected:
    description:
      - What happens to instances that are protected from scale-in. V(wait) has AWS wait for an hour until the
        protection is taken away, and fail then.
    type: str
    choices: [refresh, ignore, wait]
    default: wait
  standby:
    description:
      - What happens to instances in standby. V(wait) has AWS wait for an hour until they are back in service, and fail
        then.
      - With O(state=rolled_back), V(wait) is V(ignore). They serve nobody, so users do not wait for them.
    type: str
    choices: [terminate, ignore, wait]
    default: wait
  alarms:
    description:
      - Names of CloudWatch alarms, at most 10, that end the refresh when one of them goes to state C(ALARM). They have
        to be in state C(OK) when it starts. AWS replaces nothing while one has no data.
    type: list
    elements: str
    default: []
  auto_rollback:
    description:
      - Whether AWS rolls back by itself when an alarm goes to state C(ALARM), or when replacements have failed for an
        hour. The task fails then, when the rollback is over.
    type: bool
    default: true
  id:
    description:
      - Id of a refresh to wait for, from RV(refresh.id). Nothing is started then. If the refresh has ended meanwhile,
        its end is reported, so that one that was rolled back is not started again.
    type: str
  until_percentage:
    description:
      - Return as soon as this percentage of the instances is replaced and warmed up, which is when AWS holds the
        refresh if it is one of O(checkpoints). With 100, return when O(bake_time) begins.
      - By default, return when the refresh is over.
    type: int
  wait:
    description: Whether to wait for the refresh, its rollback or its cancellation.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait. After that, the refresh continues and the task fails.
    type: int
    default: 3600
  target_groups:
    description:
      - The ARNs of the service's target groups, in whose tags the lease is kept without O(store). Needed with
        O(doing).
    type: list
    elements: str
    default: []
  doing:
    description:
      - With O(state=rolled_back), what is being done, such as C(rollback). The lease of the service is then taken with
        the first write, from any run that has it, and nothing waits for it. A run that had it stops before its next
        change.
      - By default no lease is taken.
    type: str
extends_documentation_fragment:
  - switchyard.bluegreen.leased
  - switchyard.bluegreen.leased.hook
  - switchyard.bluegreen.leased.claimant
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs C(autoscaling:CancelInstanceRefresh), C(autoscaling:CreateOrUpdateTags),
    C(autoscaling:DescribeAutoScalingGroups), C(autoscaling:DescribeInstanceRefreshes),
    C(autoscaling:DescribeLaunchConfigurations), C(autoscaling:DescribeScalingActivities),
    C(autoscaling:RollbackInstanceRefresh), C(autoscaling:StartInstanceRefresh),
    C(autoscaling:UpdateAutoScalingGroup), C(cloudwatch:DescribeAlarms), C(ec2:CreateLaunchTemplateVersion),
    C(ec2:DescribeImages), C(ec2:DescribeLaunchTemplateVersions), and C(ec2:RunInstances) and C(ec2:CreateTags) with the
    launch template, as AWS asks of whoever gives a group one.
  - For a group with a launch configuration, or whose launch template other groups follow, also
    C(ec2:CreateLaunchTemplate), C(ec2:CreateTags) and C(ec2:DescribeLaunchTemplates).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.autoscaling_clone
  - module: switchyard.bluegreen.bake
  - module: switchyard.bluegreen.http_check
"""

EXAMPLES = r"""
- name: Roll the group, launching before terminating, until AWS holds at the first checkpoint
  switchyard.bluegreen.instance_refresh:
    group: web-blue-v001
    service: web
    image_id: ami-0123456789abcdef0
    max_healthy_percentage: 150
    checkpoints: [20, 50]
    checkpoint_delay: 600
    alarms: [web-blue-5xx]
    until_percentage: 20

- name: Take it back
  switchyard.bluegreen.instance_refresh:
    group: web-blue-v001
    service: web
    state: rolled_back
"""

RETURN = r"""
refresh:
  description: The instance refresh as it was seen last; null when there is none.
  returned: always
  type: dict
  contains:
    id:
      description: Its id.
      type: str
    status:
      description: Its status, in AWS's words.
      type: str
      sample: InProgress
    reason:
      description: AWS's explanation of the status.
      type: str
      sample: "Waiting for instances to warm up before continuing. For example: i-0123456789abcdef0 is warming up."
    percentage:
      description: How many percent of the instances are replaced and warmed up. In a rollback it goes down again.
      type: int
    to_update:
      description: How many instances are still to be replaced.
      type: int
    started:
      description: When it started, ISO 8601; null while AWS does not return it.
      type: str
    ended:
      description: When it ended, ISO 8601; null while it runs.
      type: str
    rollback_reason:
      description: Why it was rolled back; null when it was not.
      type: str
release:
  description: The label of the group once all instances have the image.
  returned: with O(state=present)
  type: str
verified:
  description:
    - Whether a task that waited to the end has found before that all instances have the image. Where none did, its
      run may have died before it checked them.
  returned: with O(state=present), when nothing is to be replaced
  type: bool
updated:
  description: Ids of the instances in service that were launched with the image.
  returned: with O(state=present), when a refresh was waited for or nothing is to be replaced
  type: list
  elements: str
previous_image_id:
  description: The image that the group had before its last roll; null when it was never rolled.
  returned: with O(state=rolled_back)
  type: str
returned:
  description: Whether the group launches its previous image at the end; false for one that was never rolled.
  returned: with O(state=rolled_back)
  type: bool
left:
  description:
    - What the group was rolled to, C(image_id) and C(release). Null where it was not, or a run that died has begun to
      take it back.
  returned: with O(state=rolled_back)
  type: dict
returned_at:
  description: When all instances had the previous image again, in seconds since the epoch; null if nothing was done.
  returned: with O(state=rolled_back)
  type: float
lease:
  description: The lease that was taken, for the tasks that follow; null when none was.
  returned: with O(state=rolled_back)
  type: dict
method:
  description:
    - How the group was taken back, V(rollback) by AWS while the refresh ran, or V(refresh) to the previous version; or
      V(cancel), or V(none) when nothing had to be done.
  returned: with O(state=rolled_back) or O(state=canceled)
  type: str
msg:
  description: What was done, as a sentence, or why it failed.
  returned: with O(state=rolled_back) or O(state=canceled), and on failure
  type: str
lost:
  description: Ids of instances that did not come up or failed their health checks since the refresh started.
  returned: when the refresh failed
  type: list
  elements: str
"""

from ..module_utils._args.refresh.roll import RefreshOptions
from ..module_utils._module import run_module
from ..module_utils._ops.refresh.roll import instance_refresh


def main() -> None:
    run_module(RefreshOptions, instance_refresh)


if __name__ == "__main__":
    main()
