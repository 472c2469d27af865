# SPDX-License-Identifier: GPL-3.0-or-later
"""``environment`` of a task or a play reaches the modules of this collection as it reaches all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.playing import playbook
from tests.plays import forked

NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}  # the discard port: nobody listens
NAME = "switchyard.bluegreen.autoscaling_capacity"


@pytest.fixture
def group(lab: LabProcess) -> Iterator[str]:
    scene = Scene(lab)
    yield scene.group(0)
    scene.clear()


def asking(group: str, **environment: str) -> dict[str, Any]:
    """A task that asks for this group."""
    return {NAME: {"group": group}, "ignore_errors": True, "environment": environment}


def answers(folder: Path, env: Mapping[str, str], *tasks: dict[str, Any], **keywords: Any) -> Sequence[dict[str, Any]]:
    """What the tasks of a play say, in a process with this environment."""
    play: dict[str, Any] = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": list(tasks)}
    variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}", **keywords.pop("vars", {})}
    path = folder / "play.yml"
    path.write_text(yaml.safe_dump([{**play, "vars": variables, **keywords}]), encoding="utf-8")
    return playbook(path, env, run=forked).results


@pytest.mark.parametrize(
    "where", ["task", *(pytest.param(each, marks=pytest.mark.thorough) for each in ("play", "templated task"))]
)
def test_the_environment_says_where_aws_is(lab: LabProcess, tmp_path: Path, where: str) -> None:
    """The process has another endpoint; without the environment nothing would answer."""
    there = {"AWS_ENDPOINT_URL": lab.env["AWS_ENDPOINT_URL"]}
    task, play = asking("web-blue-v001"), {"vars": {"there": there}}
    (play if where == "play" else task)["environment"] = "{{ there }}" if where == "templated task" else there
    (answer,) = answers(tmp_path, lab.env | NOWHERE, task, **play)
    assert "There is no Auto Scaling group web-blue-v001 in this account" in answer["msg"]


def test_the_environment_says_who_asks_and_in_which_region(lab: LabProcess, group: str, tmp_path: Path) -> None:
    """The process has the administrator's keys, and the region in which the group is."""
    nobody, elsewhere = lab.user("nobody"), {"AWS_REGION": "us-east-2"}
    found, refused, missed = answers(tmp_path, lab.env, *(asking(group, **its) for its in ({}, nobody, elsewhere)))
    assert found["capacity"]["group"] == group
    assert "user/nobody is not authorized to perform: autoscaling:DescribeAutoScalingGroups" in refused["msg"]
    assert f"There is no Auto Scaling group {group} in this account and region" in missed["msg"]
