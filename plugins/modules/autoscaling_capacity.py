# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pins an Auto Scaling group at the capacity that is needed, and releases it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: autoscaling_capacity
version_added: 1.0.0
short_description: Keep an Auto Scaling group from scaling in while its capacity is needed
description:
  - Pins a group, so that its own scaling can't take away what is needed while traffic moves. Its minimum becomes what
    is needed, and its maximum is raised only where it would be lower. The group continues to scale out.
  - Before they are changed, the minimum and the maximum are written to tags C(bluegreen:pinned-minimum) and
    C(bluegreen:pinned-maximum) of the group, each with what the pin makes of it. Releasing restores these, and then
    removes the tags. A run that dies in between leaves a pin that the next one finds.
  - What somebody else sets while the group is pinned, such as a scheduled action, stays. Releasing restores a minimum
    or a maximum only if it still is what the pin has made of it.
  - A pin of a group that is pinned already follows what is needed now, and remembers the same minimum and maximum, or
    what somebody else has set since.
  - Sends no desired capacity, so that a group that scales out at the same time is not set back. AWS raises it to a
    higher minimum, and lowers it only to a maximum that is restored below it.
  - Capacity is counted as the group counts it, in instances or, in a mixed instances group with weights, in units.
  - Waits for instances only with O(health_timeout).
options:
  group:
    description: The Auto Scaling group's name.
    type: str
    required: true
  state:
    description:
      - With V(pinned), the group does not scale in below what is needed.
      - With V(released), it has its own minimum and maximum again. A group that is not pinned stays as it is.
    type: str
    choices: [pinned, released]
    default: pinned
  match:
    description:
      - The name of another Auto Scaling group, whose desired capacity is what is needed.
      - By default, the group's own desired capacity is needed.
    type: str
  match_pinned:
    description:
      - Whether the group of O(match) is pinned as well, at its own desired capacity.
      - It is pinned before O(group) is changed.
    type: bool
    default: false
  run:
    description:
      - The ID of the run that O(group) must be tagged with (C(bluegreen:run)). The group of another run is left as it
        is, as is that of O(match), and the module fails.
    type: str
  health_timeout:
    description:
      - Wait until O(group) has its desired capacity in service, and each instance is healthy in every target group that
        the group is attached to. The module fails when that takes more than this number of seconds, or as soon as it is
        known that instances cannot be launched.
      - By default the module does not wait.
    type: int
  wait_timeout:
    description:
      - With O(state=released), how many seconds to wait while an alarm that scales the group in is in state C(ALARM).
        After a time with little traffic, it stays in that state until its metric, which is minutes late, shows the new
        traffic. It would scale the group in as soon as the minimum is lower. After this time, the load is taken to be
        low, and the group is released.
      - Give V(0) for a group that has no traffic.
    type: int
    default: 300
extends_documentation_fragment:
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Makes at most three API calls, with O(match_pinned) four. A release takes one more and, where policies scale the
    group in, one per look.
  - Needs the permissions C(autoscaling:DescribeAutoScalingGroups), C(autoscaling:CreateOrUpdateTags),
    C(autoscaling:UpdateAutoScalingGroup), C(autoscaling:DeleteTags), C(autoscaling:DescribePolicies) and
    C(cloudwatch:DescribeAlarms). O(health_timeout) also needs C(elasticloadbalancing:DescribeTargetGroups),
    C(elasticloadbalancing:DescribeTargetHealth) and C(autoscaling:DescribeScalingActivities).
  - If you write the two tags by hand, with one number each, releasing restores these whatever the group has by then.
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.service_info
  - module: switchyard.bluegreen.target_registration
"""

EXAMPLES = r"""
- name: Keep blue as large as it is while its traffic is away
  switchyard.bluegreen.autoscaling_capacity:
    group: web-blue-v001

- name: Make green as large as blue
  switchyard.bluegreen.autoscaling_capacity:
    group: web-green-v002
    match: web-blue-v001

- name: Keep blue as large as it is, and wait until green is as large and healthy
  switchyard.bluegreen.autoscaling_capacity:
    group: web-green-v002
    match: web-blue-v001
    match_pinned: true
    health_timeout: 600

- name: Let green scale by itself again
  switchyard.bluegreen.autoscaling_capacity:
    group: web-green-v002
    state: released
"""

RETURN = r"""
capacity:
  description: The group's capacity after the change, or as it would be in check mode.
  returned: success
  type: dict
  contains:
    group:
      description: The Auto Scaling group's name.
      type: str
    desired:
      description: Its desired capacity.
      type: int
    minimum:
      description: Its minimum.
      type: int
    maximum:
      description: Its maximum.
      type: int
    pinned:
      description:
        - The C(minimum) and the C(maximum) that it goes back to when it is released; null when it is not pinned.
      type: dict
      sample: {"minimum": 2, "maximum": 6}
msg:
  description: How many of the group's targets are healthy.
  returned: with O(health_timeout), unless in check mode
  type: str
  sample: 3/3 healthy
raised:
  description: By how much the desired capacity was raised; instances to wait for.
  returned: success
  type: int
  sample: 1
"""

from ..module_utils._args.group.capacity import CapacityOptions
from ..module_utils._module import run_module
from ..module_utils._ops.group.capacity import autoscaling_capacity


def main() -> None:
    run_module(CapacityOptions, autoscaling_capacity)


if __name__ == "__main__":
    main()
