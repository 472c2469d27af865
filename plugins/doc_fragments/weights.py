# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How traffic is to be split between target groups."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  weights:
    description:
      - Whole percents from 0 to 100 by target group, that sum to 100. A target group is given by its name or its ARN.
      - Where an option C(target_groups) says which target groups are blue's and green's, also by color.
      - When all of them are V(0), the target groups are put into the routes without traffic, and the weights of all
        others stay exactly as they are. A target group that has traffic is refused then.
      - A target group with 0 is in the route without getting traffic, so that its targets' health is checked.
      - A route that leads to a target group that is not named here is refused, unless that group has no traffic.
    type: dict
    required: true
  expected:
    description:
      - The percents that every route must have now, as in O(weights); groups not named are expected without traffic.
      - Weights on AWS that are not percents, such as 2 to 1, are compared as whole percents.
      - Anything else is an error that says what was found, and nothing is changed.
      - By default, any weights are accepted.
    type: dict
  stickiness_seconds:
    description:
      - For how long listeners and rules send a client to the target group it was sent to first, 1 to 604800 seconds;
        V(0) turns it off.
      - By default, group stickiness stays as it is.
      - The stickiness of a Network Load Balancer has no duration, so that it can only be turned off here.
    type: int
  require:
    description:
      - What must be true of target groups whose weight this raises. It is read right before the write; when something
        is not met, nothing is changed. A weight can be lowered in any case.
      - Needs the permissions C(elasticloadbalancing:DescribeTargetHealth), C(autoscaling:DescribeAutoScalingGroups)
        and C(ec2:DescribeLaunchTemplateVersions).
    type: list
    elements: dict
    default: []
    suboptions:
      target_group:
        description: The target group, by its name or its ARN.
        type: str
        required: true
      minimum_healthy:
        description: How many of its targets must be healthy at least.
        type: int
        default: 1
      healthy_percent:
        description:
          - How many percent of the instances that the desired capacity of O(require[].group) amounts to must be
            healthy, if that is more than O(require[].minimum_healthy).
        type: int
        default: 0
      group:
        description:
          - An Auto Scaling group that must be attached to the target group. Only its instances count then.
        type: str
      run:
        description: The ID of the run that O(require[].group) must be tagged with (C(bluegreen:run)).
        type: str
      image_id:
        description: The image that O(require[].group) must launch.
        type: str
      zones_of:
        description:
          - Another Auto Scaling group. In each Availability Zone where it has instances in service,
            O(require[].group) must have a healthy target.
          - Give it where cross-zone load balancing is off, as it is by default on a Network Load Balancer. A zone
            without a healthy target answers nothing there.
        type: str
"""
