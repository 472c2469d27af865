# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the definition of a service out of the variables of a task."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ..module_utils._core.base.errors import BluegreenError
from ..module_utils._core.base.untagged import untagged
from ..module_utils._core.definition.finding import Finding
from ..module_utils._core.definition.parser import Values, may_be_undefined, names_for, parse
from ..module_utils._core.definition.readers import Help, read_value
from ..module_utils._core.definition.values import is_unset
from ..module_utils._core.definition.variable import PREFIX
from ..module_utils._core.definition.variables import BY_NAME, meant_by
from ..module_utils._ops.checks.requests import trust
from .evaluation import Evaluation
from .hook_file import check_hook, first_line
from .hook_tasks import Around

USER = "awx_user_name"  # who launched the job, on AWX and Automation Controller
MOST_PARTS = 10_000  # of a text that stands for a structure


def read_definition(
    variables: dict[str, Any], templar: Templar, around: Around, work: str
) -> tuple[Values, list[Finding]]:
    """The definition of the host that the task is for, and everything that is wrong with it. ``work`` is the
    playbook."""
    evaluation = Evaluation(templar, variables, [*names_for(work), USER])
    given = {name: untagged(value) for name, value in evaluation.values.items() if name in BY_NAME}
    others = {name: None for name in variables if (name.startswith(PREFIX) or meant_by(name)) and name not in given}
    return parse(
        others | given,
        work,
        service=str(variables["inventory_hostname"]),
        user=str(evaluation.values.get(USER) or os.environ.get("USER", "")),
        # A rollback runs its hook after the return.
        aid=Help(
            partial(parse_yaml, around.loader),
            partial(check_hook, around, ends_later=work != "rollback"),
            check_authorities,
        ),
        unreadable={
            name: _reason(name, error)
            for name, error in evaluation.errors.items()
            if name in BY_NAME and not (isinstance(error, AnsibleUndefinedVariable) and may_be_undefined(name, work))
        },
    )


def read_variable(name: str, variables: Mapping[str, Any], templar: Templar, loader: DataLoader) -> Any:
    """One variable by itself; its default where it is not set, or cannot be read."""
    variable = BY_NAME[name]
    with suppress(AnsibleError, BluegreenError):
        given = untagged(templar.template(variables.get(name)))
        if not is_unset(given):
            return read_value(variable, given, Help(partial(parse_yaml, loader)))
    return variable.default


def parse_yaml(loader: DataLoader, text: str) -> Any:
    try:
        found = loader.load(text, show_content=False)
        if _is_large(found):
            raise ValueError("Its aliases stand for more than anybody writes.")
        return untagged(found)
    except AnsibleError as error:
        raise ValueError(first_line(error)) from error
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None


def _is_large(value: Any) -> bool:
    """Aliases are resolved by references, so that a short text may stand for more than fits into memory."""
    left, count = [value], 0
    while left and count <= MOST_PARTS:
        each, count = left.pop(), count + 1
        left += each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ()
    return count > MOST_PARTS


def check_authorities(path: str) -> str | None:
    """What is wrong with a file of certificates."""
    try:
        trust(True, path)
    except BluegreenError as error:
        return str(error)
    return None


def _reason(name: str, error: Exception) -> str:
    """A sentence. Of what may be a secret it quotes nothing: a failed template may show what it was given."""
    if BY_NAME[name].may_hide and not isinstance(error, AnsibleUndefinedVariable):
        return "a template in it fails, or it is encrypted and the vault cannot be opened."
    return f"{first_line(error).rstrip('.')}."
