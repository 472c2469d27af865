# SPDX-License-Identifier: GPL-3.0-or-later
"""No playbook can end without an outcome: whatever task fails, a rescue exports one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PLAYBOOKS = sorted(path for path in (ROOT / "playbooks").glob("*.yml") if path.name != "services.yml")
COLLECTION = "switchyard.bluegreen."
OUTCOME = f"{COLLECTION}outcome"
INCLUDED = [f"ansible.builtin.{kind}_{what}" for kind in ("import", "include") for what in ("role", "tasks")]

Task = Mapping[str, Any]


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def included(task: Task, folder: Path) -> Path | None:
    """The file of tasks; ``folder`` is that of the task's own."""
    for key in INCLUDED:
        given = task.get(key, task.get("vars", {}).get(key))
        if isinstance(given, Mapping) and "name" in given:
            role = given["name"].removeprefix(COLLECTION)
            return ROOT / f"roles/{role}/tasks" / given.get("tasks_from", "main.yml")
        if given:
            return folder / (given if isinstance(given, str) else given["file"])
    return None


def exports(tasks: list[Task], folder: Path) -> bool:
    """Whether one of them does, or of those that it includes."""
    for task in tasks:
        path = included(task, folder)
        more = load(path) if path and path.exists() else task.get("block", [])
        if OUTCOME in task or exports(more, path.parent if path else folder):
            return True
    return False


def unguarded(tasks: list[Task], folder: Path) -> Iterator[str]:
    """The tasks after whose failure nothing exports an outcome."""
    for task in tasks:
        if "block" in task:
            if not exports(task.get("rescue", []), folder):
                yield from unguarded(task["block"], folder)
        elif path := included(task, folder):
            yield from unguarded(load(path), path.parent)
        elif OUTCOME not in task:
            yield f"{folder.parent.name}: {task['name']}"


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda path: path.stem)
def test_every_failure_is_followed_by_an_outcome(playbook: Path) -> None:
    tasks = load(playbook)[-1]["tasks"]
    assert exports(tasks, playbook.parent)
    assert list(unguarded(tasks, playbook.parent)) == []
