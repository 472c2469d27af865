# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a run, before its first write."""

from __future__ import annotations

DOCUMENTATION = r"""
module: plan
version_added: 1.0.0
short_description: Plan a release, or refuse it
description:
  - Reads what the variables C(bluegreen_*) of the host say of a service, and the service as it stands. Returns the
    stages that the run will take, as data, or fails with everything that prevents them. Changes nothing.
  - Each variable is evaluated once. What a lookup answers later changes nothing of the run.
  - Looks at all that M(switchyard.bluegreen.preflight) looks at.
  - Hooks that are not defined, pauses that nobody asked for and steps that are taken already are not among the stages.
options:
  stages:
    description: The parts of a release that the run is for.
    type: list
    elements: str
    choices: [provision, verify, swap, teardown]
    default: [provision, verify, swap, teardown]
  definition:
    description:
      - What is said of the service, by the names of the variables without C(bluegreen_).
      - By default the variables of the host, which are read and checked on the controller.
    type: dict
    required: true
  user_data:
    description: The user data of the release, as plain text.
    type: str
  shown:
    description: O(definition) as it is to be returned, without secrets. By default what the host's variables come to.
    type: dict
    required: true
  findings:
    description: What is wrong with the variables. The plan is refused with these and with all else that is found.
    type: list
    elements: str
    default: []
  remarks:
    description: What to warn of in the variables.
    type: list
    elements: str
    default: []
  services:
    description: How many services are released side by side. By default the hosts of the play's batch.
    type: int
    default: 1
  forks:
    description: How many of them Ansible works on at a time. By default its number of forks.
    type: int
  others:
    description:
      - The services of the same run. Two whose outcomes would have the same name are refused. By default the hosts of
        the play.
    type: list
    elements: str
    default: []
  failed:
    description: Services of the same run that were returned or halted. By default those of the play.
    type: list
    elements: str
    default: []
  max_failed:
    description:
      - How many services may have O(failed). By default C(bluegreen_max_failed); without it, V(0) in a play of several
        batches, and no limit in another one.
    type: int
  run:
    description: The id of the run. By default a new one.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions of M(switchyard.bluegreen.preflight) for a service.
  - In check mode, C(changed) says whether the run would do anything, and the diff shows what each stage would change.
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.preflight
  - module: switchyard.bluegreen.outcome
"""

EXAMPLES = r"""
- name: Plan the release of the host's service
  switchyard.bluegreen.plan:
  register: release_plan

- name: Show what it would do
  ansible.builtin.debug:
    msg: "{{ release_plan.stages | map(attribute='title') }}"
"""

RETURN = r"""
stages:
  description:
    - What the run will do, in order. Each has C(number), C(of), C(do), a C(title) for people, the C(role) and the
      C(tasks) that do it, and what these are given.
  returned: success
  type: list
  elements: dict
run:
  description: The id of the run.
  returned: success
  type: str
  sample: 20260106T120000Z-1f3a
definition:
  description: Everything that was said of the service, by the names of the variables without C(bluegreen_).
  returned: success
  type: dict
parts:
  description: As O(stages).
  returned: success
  type: list
  elements: str
service:
  description: The service as M(switchyard.bluegreen.service_info) returns it.
  returned: success
  type: dict
brings_up:
  description: What is to be brought up, V(candidate), V(first) for a service without a group, or V(nothing).
  returned: success
  type: str
replaces:
  description: Name of the idle environment's group, when it runs something else and has to be removed first; else null.
  returned: success
  type: str
relabels:
  description: Name of the group that runs what was asked for under another label; else null.
  returned: success
  type: str
wanted:
  description: What is to run at the end. What is empty may be anything.
  returned: success
  type: dict
  sample: {"image_id": "ami-0123456789abcdef0", "release": "1.1.0", "user_data": ""}
findings:
  description: A sentence for each thing that prevents the run.
  returned: always
  type: list
  elements: str
unchecked:
  description: A sentence for each thing that could not be read or not be judged.
  returned: always
  type: list
  elements: str
shape_changes:
  description: What a candidate would have otherwise than what is live, as M(switchyard.bluegreen.preflight) returns it.
  returned: success
  type: list
  elements: dict
msg:
  description: What was found.
  returned: always
  type: str
"""

from ..module_utils._args.release.plan import PLAN
from ..module_utils._module import run_module
from ..module_utils._ops.release.stages import plan


def main() -> None:
    run_module(PLAN, plan)


if __name__ == "__main__":
    main()
