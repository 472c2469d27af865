# SPDX-License-Identifier: GPL-3.0-or-later
"""``environment`` of a task or a play reaches the modules of this collection as it reaches all others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from switchyard_lab.client import LabProcess
from tests.playing import playbook
from tests.plays import forked

NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}  # the discard port: nobody listens


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    with LabProcess(seed=False) as process:
        yield process


@pytest.mark.parametrize(
    "where", ["task", *(pytest.param(each, marks=pytest.mark.thorough) for each in ("play", "templated task"))]
)
def test_the_environment_says_where_aws_is(lab: LabProcess, tmp_path: Path, where: str) -> None:
    """The process has another endpoint; without the environment nothing would answer."""
    there = {"AWS_ENDPOINT_URL": lab.env["AWS_ENDPOINT_URL"]}
    name = "switchyard.bluegreen.autoscaling_capacity"
    task: dict[str, Any] = {name: {"group": "web-blue-v001"}, "register": "answer", "ignore_errors": True}
    play: dict[str, Any] = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
    play["vars"] = {"there": there, "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    (play if where == "play" else task)["environment"] = "{{ there }}" if where == "templated task" else there
    path = tmp_path / "play.yml"
    path.write_text(yaml.safe_dump([play]), encoding="utf-8")
    played = playbook(path, lab.env | NOWHERE, run=forked)
    assert "There is no Auto Scaling group web-blue-v001 in this account" in played.results[0]["msg"]
