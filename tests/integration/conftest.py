# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules as a playbook runs them, both ways, against the lab."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.lab.client import LabProcess

from tests.playing import play

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(params=[True, False], ids=["in-process", "own-process"])
def ask(request: pytest.FixtureRequest, lab: LabProcess, tmp_path: Path) -> Ask:
    """``ask("listener_weights", routes=[…], …)`` → the task's result; ``check=True`` for check mode."""

    def run(module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        task = {f"switchyard.bluegreen.{module}": options, "vars": {"bluegreen_in_process": request.param}}
        played = play([task], lab.env, tmp_path, "--diff", *(["--check"] if check else []))
        (result,) = played.results
        return result

    return run
