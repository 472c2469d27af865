# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the candidate's Auto Scaling group from the live one, and removes it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: autoscaling_clone
version_added: 1.0.0
short_description: Build an Auto Scaling group from another one with a new image
description:
  - Builds an environment's Auto Scaling group from the one that is live, with another image and other target groups;
    or removes such a group.
  - Every field that the API returns for a group and accepts for a new one is copied, including fields that this
    collection does not know, if the installed botocore knows them. Lifecycle hooks are part of the request, so that
    they are there before the first instance is launched. Minimum and maximum are the source's, or those that it had
    before M(switchyard.bluegreen.autoscaling_capacity) pinned it, and the desired capacity is what the source has at
    that moment.
  - The image comes as a new, numbered version of the source's launch template, made over the version that the source
    uses, and differing from it in the image (and the O(user_data)) only. A version that is so already is used again.
    The template's default version stays. The new group refers to its version by number.
  - With a mixed instances policy, this applies to its launch template and to those of its overrides. An override that
    names an image gets the new one. A warning lists overrides that launched another image before.
  - A launch configuration is converted to a launch template C(bluegreen-<service>) with the tag C(bluegreen:service),
    once; later clones of the service use it again. A warning says so, and names what launch templates do not have
    (ClassicLink).
  - A launch template of which another Auto Scaling group follows V($Latest) gets no version, because that group would
    launch the new image at its next scale-out. The version is made in the launch template C(bluegreen-<service>), with
    everything that the version in use has, and a warning names the groups. What else may follow V($Latest), such as an
    EC2 Fleet, is not looked for.
  - A source that follows V($Latest) of its template would launch the new image next. So it is set to the number that
    V($Latest) means, before a version of the template is made, and a warning says so. Nothing else is changed on the
    source.
  - The user's tags are copied. Tags that begin with C(bluegreen:) or C(aws:) are not.
  - Right after it is created, the group is given what the request to create it can't say, in this order. Suspended
    processes, except C(Launch) and C(AddToLoadBalancer), without which no instance would come up, or none would ever be
    registered. Metrics collection, notifications and the warm pool. Scaling policies of every kind with the alarms that
    set them off, and scheduled actions. The latter come last because they change the capacity; from then on the group
    scales as the source does.
  - Metrics that are bound to the source, or to one of its target groups, are bound to the clone, or to its target
    group, in policies and in alarms, also in customized metrics, in metric math and in queries. Of several target
    groups, the one with the same protocol and port takes the place; it is an error if there is not exactly one.
    A target group that a metric is bound to must be in use by a listener or a rule, where weight 0 is enough.
  - Alarms of step and simple scaling policies are copied with their other actions and tags, under names that begin with
    the clone's, and are given the tags C(bluegreen:service) and C(bluegreen:group). Alarms of target tracking are AWS's
    to make.
  - A clone that exists already is used. It is completed if its run died, and is no longer marked as rejected
    (C(bluegreen:rejected)) or due for removal.
  - Deletion protection and the retention of instances (C(DeletionProtection), C(InstanceLifecyclePolicy)) are not
    copied, as a candidate that fails could not be removed. M(switchyard.bluegreen.settle) gives them to the group that
    it declares stable.
  - Scheduled actions that are over are not copied. A warning names them, as it names whatever else the source has and
    the clone has not.
  - What already exists is recognized, so a run that was killed at any point is finished by the same task. When O(name)
    is given, it is the group of this name; otherwise it is the newest group of O(service) and O(color) with this image.
    It stays as it is, except that it is completed if the run that made it died (the tag C(bluegreen:copying) says so),
    and that a retained group is put to use again, by removing its tag C(bluegreen:retain-until).
  - The instances are not waited for; see M(switchyard.bluegreen.target_registration).
options:
  state:
    description:
      - V(present) builds the group unless it exists.
      - V(absent) removes the group with its instances. It is marked as leaving (tag C(bluegreen:leaving)), taken out of
        its target groups, drained, scaled in to nothing under its termination hooks, and deleted; with
        O(spread_seconds), it is shrunk instead of drained. Policies, hooks and scheduled actions go with the group, and
        so do the alarms that this module made for it.
      - With V(absent), whatever would keep instances in the group is taken off it first. That is its deletion
        protection, its retention of instances whose termination hook is abandoned, scale-in protection, a suspended
        process C(Terminate), its warm pool, and scheduled actions, which are suspended. Instances in standby are
        terminated.
      - With V(absent), a group that keeps instances in state C(Terminating:Retained) is refused, unless O(force) is
        true. They wait for a person.
      - V(leaving) only marks it, so that other work can be done before it is removed. From then on
        M(switchyard.bluegreen.settle) does not declare it stable.
      - Both refuse a group that is in use. That is one whose color is declared stable, or whose target groups get
        requests from any listener or rule except the O(test_route), or a weight from a DNS record of O(routes).
        This is read before the first write, and again right before each step that takes instances out of service. Of
        the rules, only those in O(routes) and those that name its target groups are read each time, and the others when
        that was more than 15 seconds ago.
        While targets drain, it is noticed within 7 seconds when the color is declared stable again, and all else within
        20. When the group comes to be in use meanwhile, or is retained otherwise or acted on by another run than at the
        beginning, the removal stops with an error, attaches what it has detached, and removes its mark.
    type: str
    choices: [present, leaving, absent]
    default: present
  service:
    description:
      - The service that the group is for. It becomes the tag C(bluegreen:service) of the group and its instances.
      - With O(state=absent), a group that does not carry this tag with this value is refused.
    type: str
    required: true
  color:
    description:
      - The environment that the group is for. It becomes the tag C(bluegreen:color) of the group and its instances.
      - Required with O(state=present).
    type: str
    choices: [blue, green]
  source:
    description:
      - The name of the Auto Scaling group to build from. It must have instances (a desired capacity above 0).
      - Required with O(state=present).
    type: str
  name:
    description:
      - The name of the group, at most 255 characters.
      - By default the group is found by its tags and image, or named C(<service>-<color>-v<NNN>), with a number one
        above the highest among the service's groups of either color.
      - A name is never used for another image. If a group of this name exists with another one, that is an error.
      - Required with O(state=absent).
    type: str
  image_id:
    description:
      - The image (AMI) that the group's instances are launched from. It must exist and be available.
      - Required with O(state=present).
    type: str
  release:
    description:
      - A label for what the image contains. It becomes the tag C(bluegreen:release) of the group and its instances, and
        is named in the description of the launch template's version.
      - A group that exists gets the label. Its instances keep the one that they were launched with.
      - By default the image's ID, or the label that the group has.
    type: str
  run:
    description:
      - The ID of the run that acts on the clone, as tag C(bluegreen:run). A clone that exists is tagged again, so that
        a run that acted on it before notices. That alone is not reported as a change.
    type: str
  target_groups:
    description:
      - Names or ARNs of the target groups that the group is attached to, in place of the source's.
      - Load balancers without weights that the source is attached to (Classic Load Balancers, VPC Lattice) are copied,
        with a warning, as they send traffic to the new group as soon as it is healthy.
      - Required with O(state=present).
      - With O(state=absent), target groups that it may have been taken out of already, and has to be drained from.
    type: list
    elements: str
  twins:
    description:
      - Which of O(target_groups) takes the place of which of the source's, ARN by ARN, for scaling policies and alarms
        that follow the requests of a target group.
      - Without it, protocol and port show which takes the place of which.
    type: dict
    default: {}
  routes:
    description:
      - With O(state=absent) and O(state=leaving), the service's routes, as for M(switchyard.bluegreen.route_weights).
        Needed where some are DNS records. Behind these an environment has listeners of its own, so that only the
        weights of the routes show whether it has traffic.
    type: list
    elements: raw
    default: []
  test_route:
    description: ARN of the listener or listener rule that may lead to the group while it is removed.
    type: str
  retain_until:
    description:
      - The deadline that was the reason to remove it, as M(switchyard.bluegreen.service_info) returns it, or an empty
        string for none. If the group has another one by now, it is not removed.
      - By default, what the group has when the task begins.
    type: str
  reason:
    description: Why it is leaving. One that begins with C(hook) says that there is no return to it.
    type: str
    default: It is being removed.
  drain_timeout:
    description:
      - For how many seconds to wait until its targets are drained, and never less than the target group's
        deregistration delay and a minute, which is the default.
      - When they are not drained by then, the group is attached to its target groups again, and its mark is removed.
    type: int
  force:
    description:
      - With O(state=absent), end the instances at once, without draining them and without their termination hooks. For
        a group that has never served anybody.
      - By default, the group is scaled in to nothing once it is drained. Its instances run their termination hooks as
        in any scale-in, and the group is deleted when the last one has ended.
    type: bool
    default: false
  user_data_sha256:
    description:
      - The SHA-256 of what O(user_data) must be, in hexadecimal digits, empty for none; another one is an error. For
        user data that comes out of a lookup and must not change after it was planned.
    type: str
  headroom_percent:
    description:
      - By how many percent the desired capacity is above the source's, rounded up to whole instances, and at most the
        maximum. A warning is shown when the maximum is lower.
    type: int
    default: 0
  user_data:
    description:
      - User data for the group's instances, in place of the source's, as plain text of at most 16,384 bytes. It is not
        shown anywhere.
      - By default, or when it is empty, the source's.
      - A group with the same image and other user data is another release. If O(name) names one, that is an error.
    type: str
  spread_seconds:
    description:
      - With O(state=absent), over how many seconds the group is shrunk before it is deleted, for connections that last.
        In at most 20 equal steps its maximum is lowered, and AWS itself deregisters, drains and terminates the
        instances that are too many, under lifecycle hooks.
      - Leave it in its target groups, without weight, for as long as that takes.
    type: int
    default: 0
  keep_versions:
    description:
      - With O(state=absent), how many versions of the group's launch templates to keep of those that this module made
        for O(service); their descriptions say so. Older ones are deleted when the group is removed.
      - The default version, the latest one, and those that any group of the account names or runs always stay.
      - By default no version is deleted.
    type: int
  wait:
    description:
      - With O(state=absent) and O(force), wait until the group and its instances are gone. Without O(force), the group
        is deleted when its instances are gone, and nothing is left to wait for.
      - V(false) goes with O(force) only.
    type: bool
    default: true
  wait_timeout:
    description:
      - With O(state=absent), for how many seconds to wait until the last instance has ended after the scale-in, and
        then, with O(force), until the group is gone.
      - By default, for its instances the longest heartbeat timeout of its termination hooks and ten minutes, with
        O(spread_seconds) also the deregistration delay of its target groups. For the group, ten minutes.
    type: int
extends_documentation_fragment:
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - O(state=present) needs the permissions C(autoscaling:DescribeAutoScalingGroups),
    C(autoscaling:DescribeLifecycleHooks), C(autoscaling:DescribePolicies), C(autoscaling:DescribeScheduledActions),
    C(autoscaling:DescribeNotificationConfigurations), C(autoscaling:CreateAutoScalingGroup),
    C(autoscaling:CreateOrUpdateTags), C(autoscaling:DeleteTags), C(ec2:DescribeImages),
    C(ec2:DescribeLaunchTemplateVersions), C(ec2:CreateLaunchTemplateVersion), and
    C(elasticloadbalancing:DescribeTargetGroups).
  - On behalf of the new group, AWS also requires C(ec2:RunInstances). It requires C(ec2:CreateTags) if the launch
    template has tags, and C(iam:PassRole) if there is an instance profile, a role of a lifecycle hook, or a
    service-linked role that is not the default one.
  - What the source has needs the permission to give it to another, of C(autoscaling:SuspendProcesses),
    C(autoscaling:EnableMetricsCollection), C(autoscaling:PutNotificationConfiguration), C(autoscaling:PutWarmPool),
    C(autoscaling:PutScalingPolicy), and C(autoscaling:BatchPutScheduledUpdateGroupAction). Alarms need
    C(cloudwatch:DescribeAlarms), C(cloudwatch:ListTagsForResource), C(cloudwatch:PutMetricAlarm), and
    C(cloudwatch:TagResource).
  - A source that follows V($Latest) needs C(autoscaling:UpdateAutoScalingGroup); an image that its template takes from
    a Systems Manager parameter needs C(ssm:GetParameters). A launch template that other groups follow needs
    C(ec2:DescribeLaunchTemplates), C(ec2:CreateLaunchTemplate), and C(ec2:CreateTags); a launch configuration needs
    these and C(autoscaling:DescribeLaunchConfigurations).
  - O(state=absent) needs C(autoscaling:DescribeAutoScalingGroups), C(autoscaling:DescribeLifecycleHooks),
    C(autoscaling:DescribeScheduledActions), C(cloudwatch:DescribeAlarms),
    C(cloudwatch:ListTagsForResource), C(cloudwatch:DeleteAlarms), C(autoscaling:CreateOrUpdateTags),
    C(autoscaling:DeleteTags), C(autoscaling:AttachTrafficSources), C(autoscaling:DetachTrafficSources),
    C(autoscaling:DeleteAutoScalingGroup), and of C(elasticloadbalancing) C(DescribeListeners), C(DescribeRules),
    C(DescribeTags), C(DescribeTargetGroupAttributes), C(DescribeTargetGroups) and C(DescribeTargetHealth). Without
    O(force) it needs C(autoscaling:UpdateAutoScalingGroup), and for what the group has, of C(autoscaling) also
    C(DeleteWarmPool), C(ResumeProcesses), C(SetInstanceProtection), C(SuspendProcesses) and
    C(TerminateInstanceInAutoScalingGroup). With O(keep_versions) it needs C(ec2:DescribeLaunchTemplateVersions) and
    C(ec2:DeleteLaunchTemplateVersions).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.service_info
  - module: switchyard.bluegreen.target_registration
"""

EXAMPLES = r"""
- name: Build the green environment from the blue one
  switchyard.bluegreen.autoscaling_clone:
    service: web
    color: green
    source: web-blue-v001
    image_id: ami-0123456789abcdef0
    release: 1.1.0
    target_groups: [web-green]
  register: candidate

- name: Wait until its instances are healthy
  switchyard.bluegreen.target_registration:
    target_group: web-green
    autoscaling_group: "{{ candidate.group.name }}"

- name: The same with a fifth more instances, and with user data that names the release
  switchyard.bluegreen.autoscaling_clone:
    service: web
    color: green
    source: web-blue-v001
    image_id: ami-0123456789abcdef0
    release: 1.1.0
    target_groups: [web-green]
    headroom_percent: 20
    user_data: "{{ lookup('ansible.builtin.template', 'user-data.sh.j2') }}"

- name: Remove it
  switchyard.bluegreen.autoscaling_clone:
    service: web
    name: web-blue-v001
    state: absent
    keep_versions: 10

- name: Or let its connections end in their own time, over an hour
  switchyard.bluegreen.autoscaling_clone:
    service: web
    name: web-blue-v001
    state: absent
    spread_seconds: 3600
"""

RETURN = r"""
group:
  description:
    - The group; in check mode, the one that would be built, with its name.
    - Null with O(state=absent).
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: web-green-v002
    image_id:
      description: The image that its instances are launched from.
      type: str
    release:
      description: Its tag C(bluegreen:release).
      type: str
    launch_template:
      description: What it launches from; with a mixed instances policy, what its overrides are over.
      type: dict
      contains:
        id:
          description: The launch template's ID; null in check mode if the launch template would have to be made.
          type: str
        name:
          description: The launch template's name.
          type: str
        version:
          description: The number of the version; null in check mode if the version would have to be made.
          type: str
          sample: "7"
    desired:
      description: The desired capacity, in instances.
      type: int
    minimum:
      description: The minimum size, in instances.
      type: int
    maximum:
      description: The maximum size, in instances.
      type: int
    target_group_arns:
      description: The target groups that it is attached to.
      type: list
      elements: str
copied:
  description: What the group has of the source in addition to its fields; in check mode, what it would have.
  returned: when the group is built, or completed after a run that died
  type: dict
  contains:
    alarms:
      description: Names of the alarms that set its scaling policies off.
      type: list
      elements: str
      sample: [web-green-v002-busy]
    hooks:
      description: Names of lifecycle hooks.
      type: list
      elements: str
    metrics:
      description: Names of the group metrics that are collected.
      type: list
      elements: str
      sample: [GroupDesiredCapacity]
    notifications:
      description: ARNs of the topics that are notified.
      type: list
      elements: str
    policies:
      description: Names of scaling policies.
      type: list
      elements: str
    schedules:
      description: Names of scheduled actions.
      type: list
      elements: str
    suspended_processes:
      description: Names of processes.
      type: list
      elements: str
    warm_pool:
      description: Whether it has a warm pool.
      type: bool
removed:
  description: What was deleted in addition to the group; in check mode, what would be deleted.
  returned: when O(state=absent)
  type: dict
  contains:
    alarms:
      description: Names of alarms that this module made for the group's scaling policies.
      type: list
      elements: str
      sample: [web-blue-v001-busy]
    launch_template_versions:
      description: Launch templates' IDs with the numbers of versions.
      type: list
      elements: str
      sample: ["lt-0123456789abcdef0:3"]
instances:
  description: Lifecycle states by instance ID of those that are left.
  returned: when the group is not gone within O(wait_timeout)
  type: dict
  sample: {"i-0123456789abcdef0": "Terminating:Wait"}
"""

from ..module_utils._args.group.clone import CloneOptions
from ..module_utils._module import run_module
from ..module_utils._ops.group.clone import autoscaling_clone


def main() -> None:
    run_module(CloneOptions, autoscaling_clone)


if __name__ == "__main__":
    main()
