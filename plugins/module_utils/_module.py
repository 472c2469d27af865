# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a piece of work as a module: in a process of its own, on whichever host the task is delegated to."""

from __future__ import annotations

from functools import partial

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._args.base.options import Options
from ._core.base.errors import BluegreenError
from ._work import Work, do


def run_module(spec: type[Options], work: Work) -> None:
    kind = partial(AnsibleAWSModule, check_boto3=spec.needs_sdk) if spec.aws else AnsibleModule
    module = kind(argument_spec=spec.argument_spec(), supports_check_mode=True, **spec.rules)
    try:
        result, finish = do(work, spec, module.params, check_mode=module.check_mode), module.exit_json
    except BluegreenError as error:
        result, finish = {"msg": str(error), **error.facts}, module.fail_json
    for sentence in result.pop("warnings", []):
        module.warn(sentence)
    finish(**result)
