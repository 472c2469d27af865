# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for what would end the play in a file of tasks: in the middle of a release, it would leave the traffic where
it is, with no return and no outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader

Task = Mapping[str, Any]

PLAY_KEYS = {"hosts", "import_playbook", "ansible.builtin.import_playbook"}  # what only plays have
RUN_ONCE = ("pause", "add_host")
INCLUDES = ("include_tasks", "import_tasks")
PARTS = ("block", "rescue", "always")
# A delegation to the service itself, or to the controller, which Ansible always reaches.
REACHED = ("localhost", "127.0.0.1", "::1", "{{inventory_hostname}}")


def check_hook(loader: DataLoader, path: str) -> str | None:
    """What is wrong with a file of tasks, as a sentence, or with one that it includes by a plain name. It does not look
    into roles, nor into files whose names are templates."""
    return _check(loader, Path(path), [])


def _check(loader: DataLoader, path: Path, including: list[Path]) -> str | None:
    if not path.is_file():
        return f"there is no file {path}."
    try:
        tasks = loader.load_from_file(str(path), cache="none")
    except AnsibleError as error:
        return f"{path} cannot be read as YAML: {first_line(error)}"
    if tasks is None:
        return None
    if not isinstance(tasks, list) or not all(isinstance(each, Mapping) for each in tasks):
        return f"{path} is not a list of tasks."
    if any(PLAY_KEYS & set(each) for each in tasks):
        return f"{path} is a playbook; a hook is a file of tasks."
    if found := next((found for task in tasks for found in _endings(task)), None):
        return f"{path} {found}"
    seen = [*including, path]
    included = [each for each in _included(tasks, path.parent) if each not in seen]
    return next((found for each in included if (found := _check(loader, each, seen))), None)


def _endings(task: Task, unreachable_ignored: bool = False) -> Iterator[str]:
    """How this task, or one of its block, would end the play."""
    module, arguments = _action(task)
    if module in RUN_ONCE:
        yield (
            f"uses {module}, which Ansible runs once for all hosts. The strategy host_pinned ends the play of all "
            "services at such a task, wherever their traffic is. To wait, use ansible.builtin.wait_for with a timeout."
        )
    if module == "meta" and arguments.startswith("end_"):
        yield (
            f"uses meta: {arguments}, which ends the play in the middle of the release, and nothing returns the "
            "traffic. Put the tasks that may not apply into a block with a condition instead."
        )
    ignored = task.get("ignore_unreachable", unreachable_ignored) not in (False, "false", "no")
    host = str(task.get("delegate_to") or "localhost")
    if not ignored and "".join(host.split()) not in REACHED:
        yield (
            f"delegates to {host}. Ansible ends the play of the service when it cannot reach that host, and nothing "
            "returns the traffic. Add ignore_unreachable: true and register the result, and let the next task fail "
            "if it is unreachable."
        )
    for each in _inner(task):
        yield from _endings(each, ignored)


def _included(tasks: list[Task], folder: Path) -> Iterator[Path]:
    for task in tasks:
        module, arguments = _action(task)
        if module in INCLUDES and arguments and "{{" not in arguments and (path := folder / arguments).is_file():
            yield path
        yield from _included(_inner(task), folder)


def _inner(task: Task) -> list[Task]:
    """The tasks of a block."""
    parts = [task.get(part) for part in PARTS]
    return [each for part in parts if isinstance(part, list) for each in part if isinstance(each, Mapping)]


def _action(task: Task) -> tuple[str, str]:
    """The module of a task of Ansible itself, by its short name, and what it is given, as text."""
    for written, given in task.items():
        name = str(written)
        if name in ("action", "local_action"):
            name, _blank, given = str(given).partition(" ") if not isinstance(given, Mapping) else _module_of(given)
        short = name.removeprefix("ansible.builtin.").removeprefix("ansible.legacy.")
        if short in (*RUN_ONCE, *INCLUDES, "meta"):
            return short, str(given.get("file") or "") if isinstance(given, Mapping) else str(given or "").strip()
    return "", ""


def _module_of(action: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(action.get("module")), "", str(action.get("free_form") or "")


def first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
