# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a piece of work as a module: in a process of its own, on whichever host the task is delegated to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._args.base.options import Options
from ._core.base.errors import BluegreenError
from ._core.base.unforeseen import VERBOSE, UnforeseenError
from ._work import Work, do

HIDDEN = "VALUE_NOT_SHOWN"


class Discreet(AnsibleModule):
    """Repeats its options without the ``hidden`` ones, also where it refuses one before any work begins."""

    def __init__(self, hidden: Collection[str], **named: Any) -> None:
        self._hidden = hidden
        super().__init__(**named)

    def exit_json(self, **result: Any) -> None:
        super().exit_json(invocation=self._invocation(), **result)

    def fail_json(self, msg: str, **result: Any) -> None:
        super().fail_json(msg, invocation=self._invocation(), **result)

    def _invocation(self) -> dict[str, Any]:
        return {"module_args": {key: HIDDEN if key in self._hidden else each for key, each in self.params.items()}}


def run_module(spec: type[Options], work: Work) -> None:
    kind = partial(Discreet, spec.hidden())
    if spec.aws:
        AnsibleAWSModule.default_settings["module_class"] = kind  # it takes the class from nowhere else
        kind = partial(AnsibleAWSModule, check_boto3=spec.needs_sdk)
    module = kind(argument_spec=spec.argument_spec(), supports_check_mode=True, **spec.rules)
    finish: Callable[..., None]
    try:
        result, finish = do(work, spec, module.params, check_mode=module.check_mode), module.exit_json
    except UnforeseenError as error:
        trace = {"exception": error.trace} if module._verbosity >= VERBOSE else {}
        # fail_json would leave the traceback out, unless ANSIBLE_DISPLAY_TRACEBACK asks for it.
        result, finish = {"failed": True, "msg": str(error), **trace}, module.exit_json
    except BluegreenError as error:
        result, finish = {"msg": str(error), **error.facts}, module.fail_json
    for sentence in result.pop("warnings", []):
        module.warn(sentence)
    finish(**result)
