# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for what would end the play in a file of tasks: in the middle of a release, it would leave the traffic where
it is, with no return and no outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.playbook.role_include import IncludeRole
from ansible.playbook.task import Task
from ansible.playbook.task_include import TaskInclude

from .hook_tasks import Around, always_runs, is_known_later, is_plain

PLAY_KEYS = {"hosts", "import_playbook", "ansible.builtin.import_playbook"}  # what only plays have
RUN_ONCE = constants.add_internal_fqcns(("pause", "add_host"))
# What _execute_meta in ansible.plugins.strategy knows, but for what ends something.
META = ("noop", "flush_handlers", "refresh_inventory", "clear_facts", "clear_host_errors", "reset_connection")
# A delegation to the service itself, or to the controller, which Ansible always reaches.
REACHED = ("localhost", "127.0.0.1", "::1", "{{inventory_hostname}}")

FindProblem = Callable[[Task], str | None]


def check_hook(around: Around, path: str, *, ends_later: bool = True) -> str | None:
    """What is wrong with a file of tasks, as a sentence, or with one that it includes by a plain name. It does not look
    for what is wrong with the tasks of roles, nor into files whose names are templates.

    ``ends_later``: whether something follows that must not be left out when a host is unreachable.
    """
    finders = (*FINDERS, _out_of_reach) if ends_later else FINDERS
    file = Path(path)
    return next(_Search(around, finders).problems(file, around.include(file), ()), None)


@dataclass(frozen=True)
class _Search:
    around: Around
    finders: tuple[FindProblem, ...]

    def problems(self, path: Path, include: TaskInclude, including: tuple[Path, ...]) -> Iterator[str]:
        if not path.is_file():
            yield f"there is no file {path}."
            return
        try:
            written = self.around.read(path)
        except AnsibleError as error:
            yield f"{path} cannot be read as YAML: {first_line(error)}"
            return
        if problem := _no_tasks(written):
            yield f"{path} {problem}"
            return
        try:
            tasks = list(self.around.load(written or [], include))
        except Exception as error:  # whichever: it would be the end of Ansible too
            if not is_known_later(error, include):
                yield f"{path} cannot be loaded, and Ansible ends the play of all services at it: {_sentence(error)}"
            return
        for task in tasks:
            if task._role is self.around.role:  # and not of a role that the hook imports
                yield from (f"{task.get_path()} {found}" for find in self.finders if (found := find(task)))
                yield from self._included(task, (path, *including))

    def _included(self, task: Task, including: tuple[Path, ...]) -> Iterator[str]:
        if isinstance(task, TaskInclude) and is_plain(task):
            yield from self._role(task) if isinstance(task, IncludeRole) else self._file(task, including)

    def _file(self, include: TaskInclude, including: tuple[Path, ...]) -> Iterator[str]:
        name = include.args["_raw_params"]
        found = self.around.find(name, including)
        if found is None and always_runs(include):
            yield f"{include.get_path()} includes {name}, and there is no such file."
        elif found is not None and found not in including:
            yield from self.problems(found, include, including)

    def _role(self, include: IncludeRole) -> Iterator[str]:
        try:
            self.around.load_role(include)
        except Exception as error:
            # At a role that cannot be parsed, Ansible ends the play of all services; without the role, the hook fails.
            only_fails = isinstance(error, AnsibleError) and not isinstance(error, AnsibleParserError)
            if (always_runs(include) or not only_fails) and not is_known_later(error, include):
                yield f"{include.get_path()} includes a role that cannot be loaded: {_sentence(error)}"


def _no_tasks(written: Any) -> str | None:
    if written is None:
        return None
    if not isinstance(written, list) or not all(isinstance(each, Mapping) for each in written):
        return "is not a list of tasks."
    if any(PLAY_KEYS & set(each) for each in written):
        return "is a playbook; a hook is a file of tasks."
    return None


def _for_all_hosts(task: Task) -> str | None:
    if task.action not in RUN_ONCE:
        return None
    module = task.action.rpartition(".")[2]
    return (
        f"uses {module}, which Ansible runs once for all hosts. The strategy host_pinned ends the play of all "
        "services at such a task, wherever their traffic is. To wait, use ansible.builtin.wait_for with a timeout."
    )


def _run_once(task: Task) -> str | None:
    if not _may_be(task.run_once):
        return None
    return (
        "has run_once. The strategy host_pinned runs such a task for each service anyway, and a failure for one "
        "service fails all services of the play. Remove run_once."
    )


def _end(task: Task) -> str | None:
    said = str(task.args.get("_raw_params")) if task.action in constants._ACTION_META else ""
    if not said.startswith("end_"):
        return None
    return (
        f"uses meta: {said}, which ends the play in the middle of the release, and nothing returns the "
        "traffic. Put the tasks that may not apply into a block with a condition instead."
    )


def _unknown_meta(task: Task) -> str | None:
    said = str(task.args.get("_raw_params")) if task.action in constants._ACTION_META else ""
    if not said or said.startswith("end_") or said in META:
        return None
    return f"uses meta: {said}, which Ansible does not know, and it ends the play of all services at such a task."


def _notification(task: Task) -> str | None:
    if not task.notify or not constants.ERROR_ON_MISSING_HANDLER:
        return None
    handlers = [each for block in task.get_play().handlers for each in block.block]
    names = [name for each in handlers for name in (each.name, each.get_name(), *_listed(each.listen))]
    missing = next((name for name in _listed(task.notify) if name not in names), None)
    if missing is None or any("{{" in name for name in names):
        return None
    return (
        f"notifies {missing}, and the play has no such handler. Ansible ends the play of all services at such a task "
        "as soon as it changes something. Register the result instead, and give the next task the condition that it "
        "has changed."
    )


def _out_of_reach(task: Task) -> str | None:
    host = str(task.delegate_to or "localhost")
    if "".join(host.split()) in REACHED or _may_be(task.ignore_unreachable):
        return None
    return (
        f"delegates to {host}. Ansible ends the play of the service when it cannot reach that host, and "
        "nothing returns the traffic. Add ignore_unreachable: true and register the result, and let the next task "
        "fail if it is unreachable."
    )


FINDERS: tuple[FindProblem, ...] = (_for_all_hosts, _run_once, _end, _unknown_meta, _notification)


def _may_be(value: Any) -> bool:
    """Whether a keyword is true, or a template."""
    return value is not None and ("{{" in str(value) or boolean(value, strict=False))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _sentence(error: Exception) -> str:
    return f"{first_line(error).rstrip('.')}."


def first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
