# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedules by which AWS returns the traffic: who makes them, pushes them on and deletes them."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from lab.tests.integration.names import Zone
from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask
from tests.integration.returning import make_group, make_role, schedules
from tests.integration.sign_in import sign_users_in

from ..conftest import Made
from ..pair import Pair


class Returned:
    """A service with two routes, of which blue is stable, and the lease of a run with a return role."""

    def __init__(self, ask: Ask, pair: Pair) -> None:
        self.ask, self.pair, self.lab = ask, pair, pair.scene.lab
        listener = pair.listener()
        self.routes = [listener, pair.rule(listener, "/shop", 10)]
        pair.healthy()
        pair.declare_stable()
        make_group(self.lab)
        self.role = make_role(self.lab)
        self.service = pair.definition
        self.lease = self.take("one")

    def take(self, run: str) -> dict[str, Any]:
        override = {"reason": "a test", "allow": ["lease"]}
        asked = {**self.service, "run": run, "doing": "deploy", "return_role": self.role, "override": override}
        held = self.ask("lease", **asked)
        assert "lease" in held, held
        return dict(held["lease"])

    def shift(self, green: int, **more: Any) -> dict[str, Any]:
        weights = {"blue": 100 - green, "green": green}
        groups = self.service["target_groups"]
        common = {"routes": self.routes, "target_groups": groups, "weights": weights, "lease": self.lease}
        return self.ask("route_weights", **(common | {"return_to": "blue"} | more))

    def settle(self) -> dict[str, Any]:
        groups = dict(zip(("blue", "green"), self.pair.groups, strict=True))
        return self.ask("settle", **self.service, groups=groups, stable="green", lease=self.lease)

    def returns(self, **more: Any) -> dict[str, Any]:
        return self.ask("traffic_return", **self.service, routes=self.routes, return_role=self.role, **more)

    def size_stable(self, size: int) -> None:
        self.pair.scene.autoscaling.update_auto_scaling_group(
            AutoScalingGroupName=self.pair.groups[0], MinSize=size, DesiredCapacity=size
        )

    def empty_stable(self) -> None:
        """Until it has no healthy target."""
        self.size_stable(0)
        eventually(lambda: [*self.pair.scene.health(self.pair.blue).values()], lambda found: "healthy" not in found)

    @property
    def kept(self) -> list[dict[str, Any]]:
        """Of this service."""
        return [each for each in schedules(self.lab) if each["Name"].startswith(self.service["service"])]

    @property
    def due(self) -> list[float]:
        """In how many seconds each of them calls."""
        times = [datetime.fromisoformat(each["ScheduleExpression"][3:-1]) for each in self.kept]
        return [each.replace(tzinfo=UTC).timestamp() - time.time() for each in times]


@pytest.fixture
def returned(ask: Ask, pair: Pair) -> Returned:
    return Returned(ask, pair)


def test_each_route_has_one_before_any_weight_is_written(returned: Returned, made: Made) -> None:
    made()
    assert returned.shift(10, check=True)["changed"]
    assert made("write") == []
    assert returned.shift(10)["changed"]
    assert made("write") == ["CreateSchedule", "CreateSchedule", "ModifyListener", "ModifyRule"]
    assert all(239 < due <= 300 for due in returned.due)
    for schedule in returned.kept:
        given = json.loads(schedule["Target"]["Input"])
        (action,) = given.get("Actions") or given["DefaultActions"]
        assert action["ForwardConfig"]["TargetGroups"] == [
            {"TargetGroupArn": returned.pair.blue, "Weight": 100},
            {"TargetGroupArn": returned.pair.green, "Weight": 0},
        ]
    returned.shift(50, expected={"blue": 90, "green": 10})
    assert made("write").count("UpdateSchedule") == 2
    assert len(returned.kept) == 2


def test_a_step_that_a_dead_run_has_taken_is_guarded_as_well(returned: Returned, made: Made) -> None:
    returned.shift(10, lease=None)
    made()
    assert not returned.shift(10)["changed"]
    assert made("write") == ["CreateSchedule", "CreateSchedule"]


def test_records_have_one_too(ask: Ask, lab: LabProcess, scene: Scene) -> None:
    zone = Zone(lab)
    schedule = shifted_records(ask, lab, scene, zone)
    changes = json.loads(schedule["Target"]["Input"])["ChangeBatch"]["Changes"]
    weights = [each["ResourceRecordSet"]["Weight"] for each in changes]
    assert ([each["Action"] for each in changes], weights) == (["UPSERT", "UPSERT"], [100, 0])


@pytest.mark.thorough
def test_what_a_schedule_calls_returns_its_route(returned: Returned, ask: Ask, lab: LabProcess, scene: Scene) -> None:
    """A listener that signs users in, a rule and records, in the next minute instead of the one they were set to."""
    zone = Zone(lab)
    of_records = shifted_records(ask, lab, scene, zone)
    sign_users_in(lab, returned.routes[:1])
    sign_in = first_action(scene, returned.routes[0])
    returned.shift(50)
    armed, soon = [of_records, *returned.kept], datetime.fromtimestamp((time.time() + 65) // 60 * 60, UTC)
    for schedule in armed:
        call_at(lab, schedule, soon)
    names = {each["Name"] for each in armed}
    eventually(lambda: names & {each["Name"] for each in schedules(lab)}, lambda left: not left, 90)
    assert not returned.returns()["moves"], "it has returned"
    assert first_action(scene, returned.routes[0]) == sign_in
    listed = lab.client("route53").list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    assert {each["SetIdentifier"]: each["Weight"] for each in listed if "Weight" in each} == {"blue": 100, "green": 0}


def first_action(scene: Scene, listener: str) -> dict[str, Any]:
    (found,) = scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"]
    return dict(found["DefaultActions"][0])


def call_at(lab: LabProcess, schedule: dict[str, Any], due: datetime) -> None:
    request = {
        key: schedule[key] for key in ("Name", "GroupName", "Target", "FlexibleTimeWindow", "ActionAfterCompletion")
    }
    lab.client("scheduler").update_schedule(**request, ScheduleExpression=f"at({due:%Y-%m-%dT%H:%M:%S})")


def shifted_records(ask: Ask, lab: LabProcess, scene: Scene, zone: Zone) -> dict[str, Any]:
    """The schedule of a service whose route they are, of which green has a tenth."""
    make_group(lab)
    zone.change(CREATE=[zone.weighted("blue", 100), zone.weighted("green", 0)])
    pair = Pair(scene, "dns")
    pair.listener()
    pair.healthy()
    service = pair.definition
    lease = ask("lease", **service, run="one", doing="deploy", return_role=make_role(lab))["lease"]
    route = {"zone": zone.name, "name": f"www.{zone.name}"}
    weights = {"routes": [route], "weights": {"blue": 90, "green": 10}, "target_groups": service["target_groups"]}
    shifted = ask("route_weights", **weights, return_to="blue", lease=lease)
    assert shifted["changed"], shifted
    (schedule,) = [each for each in schedules(lab) if each["Name"].startswith(service["service"])]
    return schedule


def test_without_a_role_or_a_color_none_is_made(returned: Returned, made: Made) -> None:
    made()
    returned.shift(10, return_to=None)
    returned.shift(20, lease=returned.lease | {"return_role": None})
    assert not {"CreateSchedule", "ListSchedules"} & set(made())


def test_no_traffic_is_given_away_that_aws_could_not_return(returned: Returned, made: Made) -> None:
    returned.lab.fault(operation="CreateSchedule", error="AccessDeniedException", status=403)
    made()
    refused = returned.shift(10)
    assert "AWS refused making schedule" in refused["msg"]
    assert "ModifyListener" not in made()


def test_calls_whose_answer_was_lost_are_done_once(returned: Returned) -> None:
    returned.lab.fault(operation="CreateSchedule", lost=True)
    assert returned.shift(10)["changed"]
    assert len(returned.kept) == 2
    returned.lab.fault(operation="DeleteSchedule", lost=True)
    result = returned.returns()
    assert (result["changed"], result["warnings"], returned.kept) == (True, [], [])


def test_what_a_dead_run_has_armed_is_pushed_on_by_the_next_one(returned: Returned) -> None:
    returned.shift(10)
    before = returned.kept[0]
    call_at(returned.lab, before, datetime.fromtimestamp((time.time() + 125) // 60 * 60, UTC))
    returned.take("two")
    assert all(239 < due <= 300 for due in returned.due)
    after = next(each for each in returned.kept if each["Name"] == before["Name"])
    assert after["Target"] == before["Target"]


def test_before_a_hook_they_are_pushed_past_its_end(returned: Returned) -> None:
    returned.shift(10)
    lease = returned.lease | {"unattended": 600}
    returned.ask("service_info", **returned.service, routes=returned.routes, lease=lease)
    assert all(839 < due <= 900 for due in returned.due)


def test_settling_deletes_them_first(returned: Returned, made: Made) -> None:
    returned.shift(100)
    returned.lab.fault(operation="DeleteSchedule", error="AccessDeniedException", status=403)
    assert "deleting schedule" in returned.settle()["msg"]
    made()
    assert returned.settle()["changed"]
    writes = made("write")
    assert (writes[0], writes.count("DeleteSchedule"), returned.kept) == ("DeleteSchedule", 1, [])


def test_scheduler_that_is_at_work_on_another_write_fails_no_release(returned: Returned) -> None:
    """AWS answers so right after a write, as of a step."""
    returned.shift(10)
    returned.lab.fault(operation="UpdateSchedule", times=2, error="ConflictException")
    assert returned.shift(100, expected={"blue": 90, "green": 10})["changed"]
    returned.lab.fault(operation="DeleteSchedule", times=2, error="ConflictException")
    assert returned.settle()["changed"]
    assert returned.kept == []


def test_a_return_deletes_them_after_its_writes(returned: Returned, made: Made) -> None:
    returned.shift(50)
    made()
    assert returned.returns()["changed"]
    assert made("write") == ["ModifyListener", "ModifyRule", "DeleteSchedule", "DeleteSchedule"]
    assert returned.kept == []


def test_schedules_that_cannot_be_deleted_are_a_warning_of_a_return(returned: Returned) -> None:
    returned.shift(50)
    returned.lab.fault(operation="ListSchedules", error="AccessDeniedException", status=403)
    result = returned.returns()
    assert result["changed"]
    assert "may still be there" in str(result["warnings"])


def test_where_aws_refuses_a_route_they_stay(returned: Returned) -> None:
    returned.shift(50)
    returned.lab.fault(operation="ModifyListener", times=2, error="OperationNotPermitted")  # it is tried again
    assert "not on every route" in returned.returns()["msg"]
    assert len(returned.kept) == 2


def test_where_stable_has_nothing_healthy_aws_does_not_send_the_traffic_there(returned: Returned) -> None:
    returned.shift(50)
    returned.empty_stable()
    returned.pair.scene.autoscaling.suspend_processes(
        AutoScalingGroupName=returned.pair.groups[0], ScalingProcesses=["Launch"]
    )
    result = returned.returns(wait_timeout=1)
    assert "so the traffic stays where it is" in result["msg"]
    assert returned.kept == []


def test_a_step_over_a_stable_without_anything_healthy_is_taken_and_none_is_left(
    returned: Returned, made: Made
) -> None:
    returned.shift(10)
    returned.empty_stable()
    made()
    assert returned.shift(50)["changed"]
    assert (made("write")[:2], returned.kept) == (["DeleteSchedule", "DeleteSchedule"], [])
    returned.size_stable(1)
    returned.pair.scene.healthy(returned.pair.blue, 1)
    returned.shift(100)
    assert len(returned.kept) == 2


def test_where_the_health_of_stable_cannot_be_read_a_step_is_guarded(returned: Returned) -> None:
    returned.lab.fault(operation="DescribeTargetHealth", error="AccessDenied", status=403)
    assert returned.shift(10)["changed"]
    assert len(returned.kept) == 2


@pytest.mark.thorough
def test_while_a_task_waits_they_are_pushed_on(returned: Returned, made: Made) -> None:
    """Without it, they would call within 50 seconds after the wait."""
    lease = returned.lease | {"return_after": 180}
    returned.shift(10, lease=lease)
    made()
    green = [{"target_group": returned.pair.green, "minimum_healthy": 1}]
    result = returned.ask("bake", seconds=130, target_groups=green, lease=lease)
    assert result["verdict"] == "pass", result
    assert 4 <= made().count("UpdateSchedule") <= 8, "two of them, once a minute"
    assert all(100 < due <= 180 for due in returned.due)
