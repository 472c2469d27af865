# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks an environment: claimed by a run, rejected, or leaving."""

from __future__ import annotations

DOCUMENTATION = r"""
module: environment_mark
version_added: 1.0.0
short_description: Mark an environment as claimed by a run, rejected or leaving
description:
  - Writes one mark to the tags of an environment's Auto Scaling group, or removes it.
  - M(switchyard.bluegreen.service_info) returns the marks of each environment.
options:
  group:
    description: Name of the environment's Auto Scaling group.
    type: str
    required: true
  mark:
    description:
      - V(run) is the id of the run that acts on a candidate (tag C(bluegreen:run)).
      - V(rejected) says that the candidate was returned, when and why (tag C(bluegreen:rejected)).
      - V(leaving) says that the environment is being removed, since when and why (tag C(bluegreen:leaving)).
    type: str
    choices: [run, rejected, leaving]
    required: true
  value:
    description:
      - The id of the run, or the reason. A reason that does not fit into a tag of 256 characters is cut.
      - Required when O(state=present).
    type: str
  state:
    description: Whether the group has the mark.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - switchyard.bluegreen.leased
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(autoscaling:DescribeAutoScalingGroups), C(autoscaling:CreateOrUpdateTags) and
    C(autoscaling:DeleteTags).
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.service_info
"""

EXAMPLES = r"""
- name: Reject the candidate
  switchyard.bluegreen.environment_mark:
    group: web-green-v002
    mark: rejected
    value: Alarm web-green-5xx went into ALARM.

- name: Take it up again
  switchyard.bluegreen.environment_mark:
    group: web-green-v002
    mark: rejected
    state: absent
"""

RETURN = r"""
run:
  description: The id of the run that acts on the environment; null for none.
  returned: success
  type: str
  sample: 20261128T052443Z-4f2a
rejected:
  description: Since when and why the environment is rejected; null when it is not.
  returned: success
  type: dict
  contains:
    at:
      description: Since when, ISO 8601 in UTC; null where a person wrote the tag without a time.
      type: str
    reason:
      description: Why.
      type: str
  sample: {"at": "2026-11-23T13:00:00+00:00", "reason": "Alarm web-green-5xx went into ALARM."}
leaving:
  description: Since when and why the environment is being removed, like RV(rejected); null when it is not.
  returned: success
  type: dict
  sample: null
"""

from ..module_utils._args.group.marks import MarkOptions
from ..module_utils._module import run_module
from ..module_utils._ops.group.marks import environment_mark


def main() -> None:
    run_module(MarkOptions, environment_mark)


if __name__ == "__main__":
    main()
