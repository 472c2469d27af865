# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Freezes a service."""

from __future__ import annotations

DOCUMENTATION = r"""
module: freeze
version_added: 1.0.0
short_description: Freeze a service, with a reason
description:
  - Writes down, in tags of the service's target groups, that nothing is to be released, and why.
  - M(switchyard.bluegreen.plan) then refuses a release. Returns of traffic and removals of old environments still work.
  - M(switchyard.bluegreen.service_info) returns the freeze as C(frozen).
options:
  state:
    description: Whether the service is to be frozen.
    type: str
    choices: [present, absent]
    default: present
  reason:
    description:
      - Why nothing is to be released, for those whose release is refused. Required when O(state=present).
      - It is kept in tag C(bluegreen:frozen). A tag holds 256 characters. One that AWS does not allow in tags, such as
        a comma, is written there as C(=2C), and takes three of them or more.
    type: str
  by:
    description: Who says so, and may be asked to lift it; in tag C(bluegreen:frozen-by).
    type: str
  until:
    description:
      - When the freeze is over, as ISO 8601 with an offset from UTC; in tag C(bluegreen:frozen-until).
      - By default it holds until it is lifted.
    type: str
extends_documentation_fragment:
  - switchyard.bluegreen.notifying
  - switchyard.bluegreen.service
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(elasticloadbalancing:DescribeTargetGroups), C(elasticloadbalancing:DescribeTags),
    C(elasticloadbalancing:AddTags) and C(elasticloadbalancing:RemoveTags).
author:
  - The switchyard.bluegreen contributors (@switchyard)
"""

EXAMPLES = r"""
- name: Freeze the service over the holidays
  switchyard.bluegreen.freeze:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    reason: Nobody is here to watch a release.
    by: the platform team
    until: "2027-01-04T08:00:00+01:00"

- name: Lift the freeze
  switchyard.bluegreen.freeze:
    service: web
    target_groups: {blue: web-blue, green: web-green}
    state: absent
"""

RETURN = r"""
frozen:
  description: The freeze; null when there is none.
  returned: success
  type: dict
  contains:
    reason:
      description: Why nothing is to be released.
      type: str
    by:
      description: Who says so; null when nobody is named.
      type: str
    until:
      description: When it is over, ISO 8601; null when somebody has to lift it.
      type: str
  sample: {"reason": "Nobody is here to watch a release.", "by": "the platform team", "until": null}
"""

from ..module_utils._args.service.freeze import FreezeOptions
from ..module_utils._module import run_module
from ..module_utils._ops.service.freeze import freeze


def main() -> None:
    run_module(FreezeOptions, freeze)


if __name__ == "__main__":
    main()
