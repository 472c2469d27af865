# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules both ways, against the lab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from tests.in_process import in_process

from .own_process import own_process

Ask = Callable[..., dict[str, Any]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="run also what would take too long for every change")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put whole releases first, so that no worker waits at the end while another is in the midst of one. Leave out what
    is marked as thorough, and the second way of all but a file's first case.

    The work is the same both ways, and so are its options. What differs, one case shows; a process for each would take
    as long as all other tests together.
    """
    items.sort(key=lambda item: "playbooks" not in item.path.parts)
    if config.getoption("thorough", default=False):
        return
    seen, kept, left_out = set(), [], []
    for item in items:
        own = "own-process" in item.name
        if item.get_closest_marker("thorough") or (own and item.path.parent in seen):
            left_out.append(item)
            continue
        kept.append(item)
        if own:
            seen.add(item.path.parent)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


@pytest.fixture(params=[in_process, own_process], ids=["in-process", "own-process"])
def ask(request: pytest.FixtureRequest, lab: LabProcess, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """``ask("listener_weights", routes=[…], …)`` → the task's result; ``check=True`` for check mode."""
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)

    def run(module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        answer: dict[str, Any] = request.param(module, options, check=check)
        return answer

    return run
