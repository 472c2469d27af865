# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that do not show yet what the run has written, and names that AWS does not know yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, forward
from tests.in_process import in_process

from ..conftest import Made
from ..demo import Demo
from ..front import Front
from ..whole import Whole, described

STALE_MS = 2000

Task = Callable[..., dict[str, Any]]
Start = Callable[[], None]


@pytest.fixture
def start(lab: LabProcess, scene: Scene) -> Iterator[Start]:
    """From then on reads lag, until the scene is cleared."""
    assert scene.lab is lab
    yield lambda: lab.fault(stale_ms=STALE_MS)
    lab.fault(stale_ms=0)


@pytest.fixture
def task(lab: LabProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    """Of one run."""
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)

    def run(module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        return in_process(module, options, check=check, run=tmp_path / "written")

    return run


def split(front: Front, blue: int, green: int) -> dict[str, Any]:
    return {"routes": [front.listener], "weights": {front.blue: blue, front.green: green}}


def test_weights_that_a_run_has_set_are_those_that_it_expects(task: Task, front: Front, start: Start) -> None:
    start()
    before = split(front, 100, 0)["weights"]
    for green in (10, 50, 100):
        wanted = split(front, 100 - green, green)
        result = task("listener_weights", **wanted, expected=before)
        assert result["changed"], result
        before = wanted["weights"]


def test_what_somebody_else_has_set_is_still_refused(task: Task, front: Front, start: Start) -> None:
    start()
    assert task("listener_weights", **split(front, 90, 10))["changed"]
    others = [forward({front.blue: 30, front.green: 70})]
    front.scene.elbv2.modify_listener(ListenerArn=front.listener, DefaultActions=others)
    time.sleep(STALE_MS / 1000)  # nobody can see before what others have written
    refused = task("listener_weights", **split(front, 50, 50), expected=split(front, 90, 10)["weights"])
    assert refused["failed"]
    assert "30" in refused["msg"]
    front.scene.lab.fault(stale_ms=0)
    assert front.weights(front.listener) == front.split(30, 70)


def test_traffic_that_the_run_has_just_moved_returns(task: Task, demo: Demo, scene: Scene, start: Start) -> None:
    definition = demo.definition
    blue, green = definition["target_groups"].values()
    scene.elbv2.add_tags(ResourceArns=[blue, green], Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    demo.live(1)
    scene.healthy(blue, 1)
    start()
    assert task("listener_weights", routes=definition["routes"], weights={blue: 50, green: 50})["changed"]
    returned = task("traffic_return", **definition)
    assert returned["changed"], returned
    scene.lab.fault(stale_ms=0)
    (listener,) = scene.elbv2.describe_listeners(ListenerArns=definition["routes"])["Listeners"]
    groups = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    assert {each["TargetGroupArn"]: each["Weight"] for each in groups} == {blue: 100, green: 0}


@pytest.mark.thorough
def test_a_clone_with_everything_is_built_of_what_aws_does_not_know_yet(
    task: Task, demo: Demo, scene: Scene, start: Start
) -> None:
    whole = Whole(scene, demo)
    wanted = demo.wanted(whole.name, target_groups=[whole.green])
    start()
    made = task("autoscaling_clone", **wanted)
    assert made["changed"], made
    name = made["group"]["name"]
    health = task("target_registration", autoscaling_group=name, target_group=whole.green, wait=False)
    assert not health.get("failed"), health
    marked = task("environment_mark", group=name, mark="rejected", value="a test")
    assert marked["changed"], marked
    scene.lab.fault(stale_ms=0)
    scene._groups.append(name)
    clone, live = described(scene, name), described(scene, whole.name)
    assert clone["policies"].keys() == live["policies"].keys()
    assert clone["schedules"].keys() == live["schedules"].keys()


def test_a_lease_is_taken_kept_and_given_back(task: Task, demo: Demo, start: Start) -> None:
    given = {key: demo.definition[key] for key in ("service", "target_groups")}
    start()
    taken = task("lease", **given, run="a", doing="deploy")
    assert taken["changed"], taken
    kept = task("service_info", **demo.definition, gather=["routes"], lease=taken["lease"])
    assert not kept.get("failed"), kept
    refused = in_process("lease", {**given, "run": "b", "doing": "deploy"}, check=False)
    assert refused["failed"], refused
    assert task("lease", **given, run="a", state="released")["changed"]


def test_a_test_route_is_found_again(task: Task, demo: Demo, start: Start) -> None:
    definition = demo.definition
    blue, green = definition["target_groups"].values()
    asked = {"route": definition["routes"][0], "header": {"name": "X-Candidate", "value": "yes"}, "priority": 7}
    start()
    made = task("test_route", **asked, weights={blue: 0, green: 100})
    assert made["changed"], made
    given = task("listener_weights", routes=[made["test_route"]["arn"]], weights={blue: 50, green: 50})
    assert given["changed"], given


def test_what_is_not_there_is_an_error_at_once_where_nothing_was_written(
    task: Task, front: Front, made: Made, start: Start
) -> None:
    start()
    made()
    refused = task("listener_weights", routes=[front.listener], weights={"no-such-group": 100, front.blue: 0})
    assert refused["failed"]
    assert made().count("DescribeTargetGroups") == 1
