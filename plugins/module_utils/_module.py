# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a piece of work as a module: in a process of its own, on whichever host the task is delegated to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._args.base.options import Options
from ._aws.base.session import Clients
from ._core.base.errors import BluegreenError
from ._ops.base.run import Run, no_aws


def run_module(spec: type[Options], work: Callable[[Any, Run], dict[str, Any]]) -> None:
    kind = AnsibleAWSModule if spec.aws else AnsibleModule
    module = kind(argument_spec=spec.argument_spec(), supports_check_mode=True, **spec.rules)
    try:
        client = Clients(module.params) if spec.aws else no_aws
        result, finish = work(spec.read(module.params), Run(client, module.check_mode)), module.exit_json
    except BluegreenError as error:
        result, finish = {"msg": str(error), **error.facts}, module.fail_json
    for sentence in result.pop("warnings", []):
        module.warn(sentence)
    finish(**result)
