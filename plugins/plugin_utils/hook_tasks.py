# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads files of tasks as Ansible does when a task includes them: StrategyBase._load_included_file of ansible-core."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleUndefinedVariable
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.block import Block
from ansible.playbook.helpers import load_list_of_blocks
from ansible.playbook.play import Play
from ansible.playbook.role import Role
from ansible.playbook.role_include import IncludeRole
from ansible.playbook.task import Task
from ansible.playbook.task_include import TaskInclude
from ansible.vars.manager import VariableManager


@dataclass(frozen=True)
class Around:
    """What is around a task that includes a file: its play, its role and the variables that need no host."""

    loader: DataLoader
    variables: VariableManager
    play: Play
    role: Role | None = None

    @classmethod
    def of(cls, task: Task, loader: DataLoader) -> Around:
        """A copy of the play, as roles that are loaded are added to it."""
        play = task.get_play().copy()
        play.handlers = play.compile_roles_handlers() + play.handlers
        return cls(loader, task.get_variable_manager(), play, task._role)

    def include(self, path: Path) -> TaskInclude:
        block = Block(play=self.play, role=self.role)
        return TaskInclude.load(
            {"include_tasks": {"file": str(path)}},
            block=block,
            role=self.role,
            variable_manager=self.variables,
            loader=self.loader,
        )

    def read(self, path: Path) -> Any:
        return self.loader.load_from_file(str(path), cache="none", trusted_as_template=True)

    def load(self, written: list[Any], include: TaskInclude) -> Iterator[Task]:
        """The tasks of a file, and those of what it imports."""
        blocks = load_list_of_blocks(
            written,
            play=self.play,
            parent_block=include.build_parent_block(),
            role=self.role,
            variable_manager=self.variables,
            loader=self.loader,
        )
        return _each(blocks)

    def load_role(self, include: IncludeRole) -> None:
        include.get_block_list(play=self.play, variable_manager=self.variables, loader=self.loader)

    def find(self, name: str, including: Iterable[Path]) -> Path | None:
        """The file that a plain name stands for: in a folder of those that lead to it, of the role, or of the play."""
        folders = [str(path.parent) for path in including]
        if self.role:
            folders.append(self.role._role_path)
        found = (Path(self.loader.path_dwim_relative(folder, "tasks", name)) for folder in folders)
        return next((path for path in found if path.is_file()), None)


def is_plain(include: TaskInclude) -> bool:
    """Whether what is included is named without a template."""
    named = include.args if isinstance(include, IncludeRole) else {"file": include.args["_raw_params"]}
    return not any("{" in str(value) for key, value in named.items() if key != "apply")


def always_runs(task: Task) -> bool:
    """Whether it runs however a hook goes, and nothing in the hook rescues its failure."""
    return not any(getattr(each, name, None) for each in _upward(task) for name in ("when", "loop", "rescue"))


def is_known_later(error: Exception, include: TaskInclude) -> bool:
    """Whether an import is named by a variable that the include around it has only when it runs."""
    cause = error.__cause__ or error
    return isinstance(cause, AnsibleUndefinedVariable) and any(f"'{name}'" in str(cause) for name in _later(include))


def _later(include: TaskInclude) -> Iterator[str]:
    yield "bluegreen_hook"
    for each in _upward(include):
        if getattr(each, "loop", None) is not None:
            yield each.loop_control.loop_var or "item"


def _upward(task: Task) -> Iterator[Task | Block]:
    """The task, and the blocks and the includes around it."""
    each = task
    while each is not None:
        yield each
        each = each._parent


def _each(blocks: Iterable[Block | Task]) -> Iterator[Task]:
    for item in blocks:
        if isinstance(item, Block):
            yield from _each([*item.block, *item.rescue, *item.always])
        else:
            yield item
