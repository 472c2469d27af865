# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for what would end the play in a file of tasks: in the middle of a release, it would leave the traffic where
it is, with no return and no outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.dataloader import DataLoader

Task = Mapping[str, Any]

PLAY_KEYS = {"hosts", "import_playbook", "ansible.builtin.import_playbook"}  # what only plays have
RUN_ONCE = ("pause", "add_host")
INCLUDES = ("include_tasks", "import_tasks")
PARTS = ("block", "rescue", "always")
# A delegation to the service itself, or to the controller, which Ansible always reaches.
REACHED = ("localhost", "127.0.0.1", "::1", "{{inventory_hostname}}")


@dataclass(frozen=True)
class Reach:
    """What a task has of the blocks and the includes around it: where it runs, and whether it may be unreachable."""

    host: str = "localhost"
    ignored: bool = False

    def of(self, keywords: Task) -> Reach:
        ignored = keywords.get("ignore_unreachable")
        return Reach(
            str(keywords.get("delegate_to") or self.host),
            self.ignored if ignored is None else boolean(ignored, strict=False) or "{{" in str(ignored),
        )

    @property
    def is_certain(self) -> bool:
        return self.ignored or "".join(self.host.split()) in REACHED


def check_hook(loader: DataLoader, path: str, *, ends_later: bool = True) -> str | None:
    """What is wrong with a file of tasks, as a sentence, or with one that it includes by a plain name. It does not look
    into roles, nor into files whose names are templates.

    ``ends_later``: whether something follows that must not be left out when a host is unreachable.
    """
    return _check(loader, Path(path), Reach(ignored=not ends_later), [])


def _check(loader: DataLoader, path: Path, reach: Reach, including: list[Path]) -> str | None:
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
    for task, its in _each(tasks, reach):
        module, arguments = _action(task)
        if problem := _ending(module, arguments, its):
            return f"{path} {problem}"
        included = path.parent / arguments
        if module in INCLUDES and arguments and included.is_file() and included not in (seen := [*including, path]):
            around = its.of(_applied(task))
            if problem := _check(loader, included, around, seen):
                return problem
    return None


def _each(tasks: Iterable[Task], reach: Reach) -> Iterator[tuple[Task, Reach]]:
    """All tasks that are not blocks."""
    for task in tasks:
        its = reach.of(task)
        if any(part in task for part in PARTS):
            yield from _each(_inner(task), its)
        else:
            yield task, its


def _ending(module: str, arguments: str, reach: Reach) -> str | None:
    """How a task would end the play."""
    if module in RUN_ONCE:
        return (
            f"uses {module}, which Ansible runs once for all hosts. The strategy host_pinned ends the play of all "
            "services at such a task, wherever their traffic is. To wait, use ansible.builtin.wait_for with a timeout."
        )
    if module == "meta" and arguments.startswith("end_"):
        return (
            f"uses meta: {arguments}, which ends the play in the middle of the release, and nothing returns the "
            "traffic. Put the tasks that may not apply into a block with a condition instead."
        )
    if not reach.is_certain:
        return (
            f"delegates to {reach.host}. Ansible ends the play of the service when it cannot reach that host, and "
            "nothing returns the traffic. Add ignore_unreachable: true and register the result, and let the next task "
            "fail if it is unreachable."
        )
    return None


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


def _applied(task: Task) -> Task:
    """The keywords that an include gives to each task of its file."""
    given = next((task[name] for name in task if str(name).endswith("include_tasks")), None)
    applied = given.get("apply") if isinstance(given, Mapping) else None
    return applied if isinstance(applied, Mapping) else {}


def _module_of(action: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(action.get("module")), "", str(action.get("free_form") or "")


def first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
