# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what would make a release fail, before its first write."""

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
version_added: 1.0.0
short_description: Find what would make a release fail, before it begins
description:
  - Looks at what a release will need, and fails with everything that was found to be wrong in one message.
  - Reads only. What cannot be read is a finding as well.
  - What is not given is not looked at.
options:
  image_id:
    description: Id of the machine image to release. It must exist for this account and region, and be available.
    type: str
  alarms:
    description:
      - Names of the metric alarms and composite alarms that the release will be watched by. They must exist and be
        readable.
      - None may be in state C(ALARM), for then the release would be taken back at its first step.
        C(INSUFFICIENT_DATA) will do, since the alarms of an environment without traffic have no data.
    type: list
    elements: str
    default: []
  steps:
    description:
      - Steps of the shift, each with C(weight), the candidate's share of the traffic in whole percents from 0 to 100,
        and C(bake_seconds), the whole seconds for which it must stay good there, by default 0.
      - Weights must rise from step to step, and the last one must be 100.
    type: list
    elements: dict
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
attributes:
  diff_mode:
    support: none
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.bake
  - module: switchyard.bluegreen.autoscaling_clone
  - plugin: switchyard.bluegreen.traffic_steps
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Find what would make the release fail
  switchyard.bluegreen.preflight:
    image_id: ami-0123456789abcdef0
    alarms: [web-green-5xx, web-green-latency]
    steps:
      - {weight: 10, bake_seconds: 300}
      - {weight: 100, bake_seconds: 600}
"""

RETURN = r"""
msg:
  description: That nothing was found, or all findings, numbered.
  returned: always
  type: str
findings:
  description: A sentence for each thing that stands against a release.
  returned: always
  type: list
  elements: str
  sample:
    - "AWS refused reading image ami-1: Invalid id: \"ami-1\" (DescribeImages: InvalidAMIID.Malformed)."
    - "The last step must have weight 100, or the release would never be finished; given: 10, 50."
"""

from ..module_utils._args import PREFLIGHT
from ..module_utils._module import run_module
from ..module_utils._ops.preflight import preflight


def main() -> None:
    run_module(PREFLIGHT, preflight)


if __name__ == "__main__":
    main()
