# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules are armed, pushed on at most once a minute, and removed; nothing of it fails a task that only watches."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.errors import AwsError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.safety.schedules import (
    SafetyNet,
    plan_schedules,
    prefix_of,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.parent import OrphanError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.safety.schedules import (
    PATIENCE,
    Postponement,
    arm,
    disarm,
    disarm_later,
)
from botocore.exceptions import ClientError

from tests.unit.clock import FakeClock
from tests.unit.plugins.module_utils._core.traffic.routes import BLUE, ENVIRONMENTS, GREEN, forward_route

NET = SafetyNet("web", "arn:aws:iam::123456789012:role/return", 300)


class Scheduler:
    """Keeps schedules by name; ``refused`` is the error code of the next calls, ``conflicts``: how many calls of each
    operation are refused with ConflictException."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.calls: list[str] = []
        self.refused = ""
        self.conflicts: dict[str, float] = {}

    def _call(self, operation: str, code: str = "") -> None:
        self.calls.append(operation)
        if self.conflicts.get(operation, 0) > 0:
            self.conflicts[operation] -= 1
            code = "ConflictException"
        if code or self.refused:
            raise ClientError({"Error": {"Code": code or self.refused, "Message": "no"}}, operation)

    def create_schedule(self, **request: Any) -> None:
        self._call("create", "ConflictException" if request["Name"] in self.kept else "")
        self.kept[request["Name"]] = request

    def update_schedule(self, **request: Any) -> None:
        self._call("update", "" if request["Name"] in self.kept else "ResourceNotFoundException")
        self.kept[request["Name"]] = request

    def get_schedule(self, **request: Any) -> dict[str, Any]:
        self._call("get")
        return self.kept[request["Name"]]

    def delete_schedule(self, **request: Any) -> None:
        self._call("delete", "" if request["Name"] in self.kept else "ResourceNotFoundException")
        del self.kept[request["Name"]]

    def get_paginator(self, _operation: str) -> Scheduler:
        return self

    def paginate(self, **request: Any) -> list[Any]:
        self._call("list")
        return [{"Schedules": [{"Name": name} for name in self.kept if name.startswith(request["NamePrefix"])]}]


class Scene:
    def __init__(self) -> None:
        self.scheduler, self.clock = Scheduler(), FakeClock()
        self.said: list[str] = []
        self.run = Run(lambda _service: self.scheduler, clock=self.clock, report=self.said.append)

    def arm(self, green: int = 10) -> None:
        route = forward_route({BLUE: 100 - green, GREEN: green}).leading(ENVIRONMENTS)
        arm(self.run, NET, plan_schedules(NET, [route], "blue", "green"))

    @property
    def due(self) -> str:
        (schedule,) = self.scheduler.kept.values()
        return str(schedule["ScheduleExpression"])


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_schedule_is_made_and_at_the_next_step_replaced(scene: Scene) -> None:
    scene.arm()
    scene.clock.sleep(70)
    scene.arm(50)
    assert (scene.scheduler.calls, scene.due) == (["create", "create", "update"], "at(1970-01-01T00:06:00)")


def test_what_cannot_be_armed_keeps_the_traffic_where_it_is(scene: Scene) -> None:
    scene.scheduler.refused = "AccessDeniedException"
    with pytest.raises(AwsError, match="AWS refused making schedule web-"):
        scene.arm()


def test_it_is_pushed_on_once_a_minute_and_read_once(scene: Scene) -> None:
    scene.arm()
    beat, whole = Postponement(scene.run, NET), dict(*scene.scheduler.kept.values())
    scene.scheduler.calls.clear()
    for _beat in range(18):
        scene.clock.sleep(beat.every)
        beat.beat()
    assert scene.scheduler.calls == ["list", "get", *["update"] * 5]
    assert scene.due == "at(1970-01-01T00:09:00)"
    (after,) = scene.scheduler.kept.values()
    assert after == whole | {"ScheduleExpression": scene.due}


def test_a_push_that_fails_is_told_once_and_tried_again(scene: Scene) -> None:
    scene.arm()
    beat = Postponement(scene.run, NET)
    scene.scheduler.refused = "ThrottlingException"
    for _beat in range(3):
        scene.clock.sleep(beat.every)
        beat.beat()
    assert len(scene.said) == 1
    assert "AWS returns the traffic of web within 300 s unless this gets better" in scene.said[0]
    scene.scheduler.refused = ""
    scene.clock.sleep(60)
    beat.beat()
    assert scene.due == "at(1970-01-01T00:06:00)"


def test_one_that_has_called_is_told_once(scene: Scene) -> None:
    scene.arm()
    beat = Postponement(scene.run, NET)
    beat.beat()
    scene.scheduler.kept.clear()
    for _beat in range(8):
        scene.clock.sleep(beat.every)
        beat.beat()
    assert len(scene.said) == 1
    assert "AWS has returned the traffic of web" in scene.said[0]
    assert scene.scheduler.calls[-1] == "update"


def test_what_the_task_itself_creates_and_removes_is_read_anew(scene: Scene) -> None:
    """A beat may be due before the task arms them."""
    beat = Postponement(scene.run, NET)
    scene.run.keep(beat)
    beat.beat()
    scene.arm()
    scene.clock.sleep(60)
    scene.run.beat()
    assert scene.due == "at(1970-01-01T00:06:00)"
    disarm(scene.run, "web")
    scene.clock.sleep(60)
    scene.run.beat()
    assert scene.said == []


def test_a_task_whose_controller_has_ended_stops_here_too(scene: Scene) -> None:
    def orphaned(_service: str) -> Any:
        raise OrphanError("ansible-playbook has ended")

    with pytest.raises(OrphanError):
        Postponement(Run(orphaned, clock=scene.clock), NET).beat()


def test_where_none_is_armed_nothing_is_pushed(scene: Scene) -> None:
    beat = Postponement(scene.run, NET)
    for _beat in range(12):
        scene.clock.sleep(beat.every)
        beat.beat()
    assert (scene.scheduler.calls, scene.said) == (["list"], [])


def test_what_scheduler_refuses_right_after_another_write_is_tried_again(scene: Scene) -> None:
    """Another step, then a hook, which nobody postpones it in, then the end."""
    scene.arm()
    scene.scheduler.conflicts = {"update": 2}
    scene.clock.sleep(60)
    scene.arm(50)
    assert scene.due == "at(1970-01-01T00:06:00)"
    scene.scheduler.conflicts = {"update": 2}
    scene.clock.sleep(60)
    Postponement(scene.run, NET, PATIENCE).beat()
    assert (scene.due, scene.said) == ("at(1970-01-01T00:07:00)", [])
    scene.scheduler.conflicts = {"delete": 2}
    disarm(scene.run, "web")
    assert (scene.scheduler.kept, scene.clock.time < 130) == ({}, True)


def test_it_is_tried_again_for_seconds_only(scene: Scene) -> None:
    scene.arm()
    scene.scheduler.conflicts = {"delete": inf, "update": inf}
    with pytest.raises(AwsError, match="AWS refused deleting schedule web-"):
        disarm(scene.run, "web")
    assert scene.clock.time == pytest.approx(PATIENCE)
    Postponement(scene.run, NET).beat()
    assert (scene.clock.time, len(scene.said)) == (pytest.approx(PATIENCE), 1), "the next beat is soon"


def test_one_that_calls_before_it_is_replaced_is_created_after_all(scene: Scene) -> None:
    scene.scheduler.conflicts = {"create": 1}
    scene.arm()
    assert (scene.scheduler.calls, len(scene.scheduler.kept)) == (["create", "update", "create"], 1)


def test_all_of_a_service_are_removed_and_none_of_another(scene: Scene) -> None:
    scene.arm()
    scene.scheduler.kept |= {f"{prefix_of('web')}old": {}, f"{prefix_of('web-two')}x": {}}
    disarm(scene.run, "web")
    assert list(scene.scheduler.kept) == [f"{prefix_of('web-two')}x"]


def test_what_cannot_be_removed_fails_or_is_a_warning(scene: Scene) -> None:
    scene.scheduler.refused = "InternalServerException"
    with pytest.raises(AwsError):
        disarm(scene.run, "web")
    (warning,) = disarm_later(scene.run, "web")
    assert f"whose names begin with {prefix_of('web')}" in warning
