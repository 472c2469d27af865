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


@pytest.fixture(params=[in_process, own_process], ids=["in-process", "own-process"])
def ask(request: pytest.FixtureRequest, lab: LabProcess, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """``ask("listener_weights", routes=[…], …)`` → the task's result; ``check=True`` for check mode."""
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)

    def run(module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        answer: dict[str, Any] = request.param(module, options, check=check)
        return answer

    return run
