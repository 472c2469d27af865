# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declares a color stable."""

from __future__ import annotations

DOCUMENTATION = r"""
module: settle
version_added: 1.0.0
short_description: Declare an environment stable and retain the other
description:
  - Writes down, in tags, that a color is the stable one, and until when the other environment is kept warm.
  - Moves no traffic. A shift ends with it, and a return to the previous release begins with it.
  - Target groups and groups that lack the tags C(bluegreen:service) and C(bluegreen:color), as those of a service that
    was not made for this collection do, are given them. Instances are not tagged with them. One that carries these tags
    with another service or color is an error.
  - When another color was stable until now, its group's deletion protection and retention of instances
    (C(DeletionProtection), C(InstanceLifecyclePolicy)) are given to the group that is declared stable. A candidate does
    not have them; see M(switchyard.bluegreen.autoscaling_clone).
  - The writes are in an order that outlives a kill between any two of them. The old group is retained before it stops
    being stable, and the new one stops being retained only when it is.
options:
  groups:
    description:
      - The two environments' Auto Scaling groups by name, under the keys V(blue) and V(green).
      - The stable color's is required. The other is null or left out when there is none.
    type: dict
    required: true
  stable:
    description: The color to declare stable, in tag C(bluegreen:stable) of both target groups.
    type: str
    choices: [blue, green]
    required: true
  override:
    description:
      - A mapping with a C(reason) and a list C(allow). With C(leaving) among these, an environment is declared stable
        that somebody is removing (tag C(bluegreen:leaving)), and that mark is removed.
      - Without it, one whose C(before_teardown) hook has begun is refused. One that is leaving otherwise is declared
        stable, and its removal has 12 seconds to see this and back out; otherwise the declaration is taken back.
    type: raw
  routes:
    description:
      - Routes that must give everything to the environment that is declared stable, or nothing is changed. They are
        read right before the declaration.
      - Each is an ARN of a listener or a listener rule, or a dictionary for a DNS record, as in
        O(switchyard.bluegreen.route_weights#module:routes).
      - By default the routes are not read.
    type: list
    elements: raw
    default: []
  retain_seconds:
    description:
      - For how many seconds from now on the other environment's group is retained, in its tag
        C(bluegreen:retain-until). A deadline that it has already stays, unless it was stable until now, as then a run
        that died has left it.
      - By default it is not retained.
    type: int
  release:
    description:
      - The label to give the stable environment's group, in its tag C(bluegreen:release). Instances that run keep the
        label that they were launched with.
      - By default the group keeps the label that it has.
    type: str
  release_pin:
    description:
      - Whether the stable environment's group scales by itself again when it is stable, as
        M(switchyard.bluegreen.autoscaling_capacity) does it with C(state=released). This waits at most 5 minutes while
        an alarm that would scale the group in is still in state C(ALARM) because of the time before the group had the
        traffic.
    type: bool
    default: false
  run:
    description:
      - The ID of the run that settles the release. When tag C(bluegreen:run) of the stable environment's group has
        another, that run has taken the release over, and nothing is changed.
      - By default the tag is not compared.
    type: str
extends_documentation_fragment:
  - switchyard.bluegreen.service
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeTargetGroups), C(elasticloadbalancing:DescribeTags),
    C(elasticloadbalancing:AddTags), C(autoscaling:DescribeAutoScalingGroups), C(autoscaling:CreateOrUpdateTags) and
    C(autoscaling:DeleteTags), and for a group with deletion protection or a retention of instances
    C(autoscaling:UpdateAutoScalingGroup).
  - O(routes) needs those of M(switchyard.bluegreen.route_weights) to read routes, and O(release_pin) those of
    M(switchyard.bluegreen.autoscaling_capacity).
author:
  - The switchyard.bluegreen contributors (@switchyard)
"""

EXAMPLES = r"""
- name: Declare green stable and keep blue for an hour
  switchyard.bluegreen.settle:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    groups: {blue: web-blue-v001, green: web-green-v002}
    stable: green
    retain_seconds: 3600

- name: Declare it stable only while it has all traffic, and leave it to its own scaling
  switchyard.bluegreen.settle:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    groups: {blue: web-blue-v001, green: web-green-v002}
    routes: ["{{ listener_arn }}"]
    stable: green
    retain_seconds: 3600
    release_pin: true
"""

RETURN = r"""
stable:
  description: The stable color.
  returned: success
  type: str
  sample: green
capacity:
  description: The capacity of the stable group, as M(switchyard.bluegreen.autoscaling_capacity) returns it.
  returned: with O(release_pin)
  type: dict
  sample: {"group": "web-green-v002", "desired": 3, "minimum": 2, "maximum": 6, "pinned": null}
retain_until:
  description: The deadlines up to which the groups are retained, by color, ISO 8601 in UTC; null when one is not.
  returned: success
  type: dict
  sample: {"blue": "2026-11-23T12:00:00+00:00", "green": null}
"""

from ..module_utils._args.service.settle import SettleOptions
from ..module_utils._module import run_module
from ..module_utils._ops.service.settle import settle


def main() -> None:
    run_module(SettleOptions, settle)


if __name__ == "__main__":
    main()
