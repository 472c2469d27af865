# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a person to approve a candidate, and approves it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: approval
version_added: 1.0.0
short_description: Ask for an approval of a candidate, or give it
description:
  - A release may wait at a weight until a person approves it. The request and the answer are kept in tag
    C(bluegreen:approval) of the candidate's Auto Scaling group.
  - M(switchyard.bluegreen.bake) watches the candidate meanwhile, and ends as soon as the approval is given.
  - An approval is for one candidate at one weight. To ask again forgets what was answered before.
options:
  group:
    description: Name of the candidate's Auto Scaling group.
    type: str
    required: true
  state:
    description:
      - V(asked) asks for an approval, V(given) gives it, and V(absent) takes the question back.
      - To give one that nobody asks for, or nobody waits for any more, is an error. If the run that asked has a lease
        (M(switchyard.bluegreen.lease)), it has to have it still.
    type: str
    choices: [asked, given, absent]
    default: given
  weight:
    description:
      - The percent of the traffic at which the candidate waits. Required when O(state=asked).
      - With O(state=given), what is approved. A candidate that waits at another weight is not approved.
    type: int
  seconds:
    description: For how many seconds from now on it waits. Required when O(state=asked).
    type: int
  by:
    description: Who approves.
    type: str
    default: somebody
  store:
    description: The URL of the store that the lease of the service is kept in, if it is not in tags.
    type: str
extends_documentation_fragment:
  - switchyard.bluegreen.notifying
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(autoscaling:DescribeAutoScalingGroups), C(autoscaling:CreateOrUpdateTags),
    C(autoscaling:DeleteTags) and, to give an approval, C(elasticloadbalancing:DescribeTags). Who may change the tags
    of a group may approve it.
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.bake
"""

EXAMPLES = r"""
- name: Ask whether to go beyond 10 %
  switchyard.bluegreen.approval:
    group: web-green-v002
    state: asked
    weight: 10
    seconds: 3600

- name: Watch the candidate until it is approved
  switchyard.bluegreen.bake:
    seconds: 3600
    approval: {group: web-green-v002, weight: 10}
    alarms: [web-green-5xx]

- name: Approve, from elsewhere
  switchyard.bluegreen.approval:
    group: web-green-v002
    weight: 10
    by: anna
"""

RETURN = r"""
approval:
  description: The approval; null when none is asked for.
  returned: success
  type: dict
  contains:
    weight:
      description: At which percent of the traffic the candidate waits.
      type: int
    until:
      description: Until when it waits, ISO 8601 in UTC.
      type: str
    by:
      description: Who approved; null while nobody has.
      type: str
  sample: {"weight": 10, "until": "2026-11-23T13:00:00+00:00", "by": null}
service:
  description: The service whose candidate it is, tag C(bluegreen:service) of the group; null when it has none.
  returned: success
  type: str
release:
  description: Its release, tag C(bluegreen:release) of the group; null when it has none.
  returned: success
  type: str
"""

from ..module_utils._args.bake.approval import ApprovalOptions
from ..module_utils._module import run_module
from ..module_utils._ops.bake.approval import approval


def main() -> None:
    run_module(ApprovalOptions, approval)


if __name__ == "__main__":
    main()
