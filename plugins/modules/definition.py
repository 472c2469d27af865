# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the definition of a service once."""

from __future__ import annotations

DOCUMENTATION = r"""
module: definition
version_added: 1.0.0
short_description: Read the variables of a service once
description:
  - Reads and checks the variables C(bluegreen_*) of the host that a work needs. Each is evaluated once.
  - Fails with everything that is wrong with them. For C(rollback), C(status) and C(unfreeze), what cannot be read takes
    its default with a warning, except where it says which service it is about.
options:
  work:
    description: What is to be done, by the name of its playbook.
    type: str
    choices: [rollback, adopt, status, history, approve, freeze, unfreeze, store]
    required: true
  definition:
    description:
      - The definition of the service, by the names of the variables without C(bluegreen_).
      - By default the variables of the host, which are read and checked on the controller.
    type: dict
    required: true
  findings:
    description: What is wrong with the variables.
    type: list
    elements: str
    default: []
  remarks:
    description: What to warn of in the variables.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - switchyard.bluegreen.module
attributes:
  diff_mode:
    support: none
author:
  - The switchyard.bluegreen contributors (@switchyard)
seealso:
  - module: switchyard.bluegreen.plan
"""

EXAMPLES = r"""
- name: Read the definition of the service
  switchyard.bluegreen.definition:
    work: status
  register: said

- name: Show its target groups
  ansible.builtin.debug:
    var: said.definition.target_groups
"""

RETURN = r"""
definition:
  description: Everything that was said, by the names of the variables without C(bluegreen_); defaults for the rest.
  returned: success
  type: dict
findings:
  description: A sentence for each thing that is wrong.
  returned: failure
  type: list
  elements: str
"""

from ..module_utils._args.definition.service import DefinitionOptions
from ..module_utils._module import run_module
from ..module_utils._ops.definition.service import definition


def main() -> None:
    run_module(DefinitionOptions, definition)


if __name__ == "__main__":
    main()
