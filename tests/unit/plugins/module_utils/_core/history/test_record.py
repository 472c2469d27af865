# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of a run: written as it happens, read as it was written, and without secrets."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.record import Record

PLAN: dict[str, Any] = {
    "run": "20260106T031002Z-1f3a",
    "doing": "deploy",
    "began": 1767669002.5,
    "service": {
        "service": "web",
        "stable": "blue",
        "environments": {"blue": {"image_id": "ami-1", "release": "1.0.0", "user_data_sha256": "aa"}},
    },
    "wanted": {"image_id": "ami-2", "release": "1.1.0", "user_data": "bb"},
    "stages": [{"number": 1, "title": "build green"}, {"number": 2, "title": "shift green to 10 %"}],
    "definition": {"checks": [{"headers": {"Authorization": "top secret"}}]},
}
RECORD = Record.of_plan(PLAN, "AWX job 4711", "users cannot pay")


def test_it_says_who_does_what_and_why_before_anything_is_done() -> None:
    data = json.loads(RECORD.text())
    assert {key: data[key] for key in ("service", "run", "doing", "by", "why", "plan", "end_state", "ended")} == {
        "service": "web",
        "run": "20260106T031002Z-1f3a",
        "doing": "deploy",
        "by": "AWX job 4711",
        "why": "users cannot pay",
        "plan": ["build green", "shift green to 10 %"],
        "end_state": None,
        "ended": None,
    }
    assert data["from"] == {"image_id": "ami-1", "release": "1.0.0", "user_data_sha256": "aa"}
    assert data["to"] == {"image_id": "ami-2", "release": "1.1.0", "user_data_sha256": "bb"}
    assert "top secret" not in RECORD.text()


def test_it_keeps_of_a_result_what_it_knows_and_no_more() -> None:
    result = {"changed": True, "verdict": "pass", "weights": {"arn": 10}, "invocation": {"module_args": "top secret"}}
    record = RECORD.begin("shift green to 10 %", 2, 10.0).end(result, 20.0)
    assert "top secret" not in record.text()
    stage = json.loads(record.text())["stages"][-1]
    assert (stage["changed"], stage["verdict"], stage["weights"]) == (True, "pass", {"arn": 10})


def test_the_tasks_of_a_stage_are_one_stage() -> None:
    record = RECORD.begin("shift green to 10 %", 2, 10.0).end(
        {"changed": True, "weights": {"arn": 10}}, 11.0, closes=False
    )
    record = record.begin("shift green to 10 %", 2, 12.0).end({"changed": False, "verdict": "pass"}, 600.0)
    stage = record.stages[-1]
    assert (stage.began, stage.ended, stage.changed) == (10.0, 600.0, True)
    assert stage.evidence == {"weights": {"arn": 10}, "verdict": "pass"}


def test_a_stage_has_not_ended_before_the_task_that_closes_it() -> None:
    """Also between two of its tasks, where a run may die."""
    record = RECORD.begin("shift green to 10 %", 2, 10.0).end({"changed": True}, 11.0, closes=False)
    assert record.stages[-1].ended is None
    record = record.begin("shift green to 10 %", 2, 12.0)
    assert record.stages[-1].ended is None
    assert record.begin("Return the traffic", None, 30.0).stages[-2].ended == 30.0


def test_what_follows_in_a_stage_that_was_closed_does_not_open_it_again() -> None:
    record = RECORD.begin("wait for approval", 2, 10.0).end({}, 11.0).begin("wait for approval", 2, 12.0)
    assert record.end({"changed": True}, 13.0, closes=False).stages[-1].ended == 11.0


def test_a_hook_ends_when_the_next_stage_begins() -> None:
    record = RECORD.begin("run hook before_shift", 1, 10.0).begin("shift green to 10 %", 2, 70.0)
    assert [each.ended for each in record.stages] == [70.0, None]


def test_what_failed_keeps_its_evidence_and_what_came_after_is_there() -> None:
    record = RECORD.begin("build green", 1, 5.0).begin("shift green to 10 %", 2, 10.0)
    record = record.begin("Return the traffic", None, 20.0)
    record = record.end({"changed": True, "moves": [{"weight": 100, "seconds": 1}]}, 22.0)
    record = record.fail(2, {"verdict": "fail", "reasons": ["Alarm web-5xx is in ALARM."]})
    assert record.stages[1].evidence["reasons"] == ["Alarm web-5xx is in ALARM."]
    assert [each.title for each in record.stages] == ["build green", "shift green to 10 %", "Return the traffic"]


def test_a_stage_that_writes_nothing_down_is_over_when_the_next_begins() -> None:
    record = RECORD.begin("shift green to 10 %", 2, 10.0)
    assert [(each.number, each.title, each.ended) for each in record.stages] == [
        (1, "build green", 10.0),
        (2, "shift green to 10 %", None),
    ]


def test_a_stage_that_writes_nothing_down_and_failed_comes_before_the_return() -> None:
    record = RECORD.begin("build green", 1, 10.0).end({}, 20.0).begin("Return the traffic", None, 30.0)
    record = record.fail(2, {"findings": ["/ answered 500."]})
    assert [each.number for each in record.stages] == [1, 2, None]
    assert (record.stages[1].began, record.stages[1].ended) == (20.0, None)
    assert record.stages[1].evidence == {"findings": ["/ answered 500."]}


def test_of_hundreds_of_targets_those_that_are_not_healthy_are_listed() -> None:
    targets = [{"id": f"i-{number}", "state": "healthy"} for number in range(500)]
    result = {"target_groups": [{"healthy": 500, "targets": [*targets, {"id": "i-x", "state": "unhealthy"}]}]}
    (stage,) = RECORD.begin("build green", 1, 10.0).end(result, 20.0).stages
    assert stage.evidence["target_groups"] == [{"healthy": 500, "targets": [{"id": "i-x", "state": "unhealthy"}]}]


def test_a_run_that_died_says_how_far_it_came() -> None:
    data = json.loads(RECORD.begin("build green", 1, 10.0).end({}, 20.0).begin("shift green to 10 %", 2, 21.0).text())
    assert [bool(each["ended"]) for each in data["stages"]] == [True, False]
    assert data["end_state"] is None


def test_it_is_read_as_it_was_written() -> None:
    record = RECORD.begin("build green", 1, 10.0).end({"changed": True, "msg": "Zoë"}, 20.5)
    ended = replace(record.outcome, ended=1767669602, end_state="succeeded", restored=3, reason="x")
    record = record.over(ended, "web is released.")
    assert Record.read(record.text()) == record


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"service": 1, "from": null}'])
def test_a_text_that_is_none_is_none(text: str) -> None:
    assert Record.read(text) is None


def test_it_knows_whose_each_weight_is_and_leaves_those_of_a_test_route_out() -> None:
    sides = {"blue": {"weight": 100, "target_group_arns": ["b"]}, "green": {"weight": 0, "target_group_arns": ["g"]}}
    environments = {color: {**PLAN["service"]["environments"]["blue"], **its} for color, its in sides.items()}
    service = {**PLAN["service"], "routes": [{"title": "listener"}], "environments": environments}
    record = Record.of_plan({**PLAN, "service": service}, "kim", "")
    for number, route in ((1, "test listener"), (2, "listener")):
        seen = {"weights": {"b": 90, "g": 10}, "routes": [{"title": route}]}
        record = record.begin(PLAN["stages"][number - 1]["title"], number, 10.0).end(seen, 20.0)
    assert ["weights" in each.evidence for each in record.stages] == [False, True]
    assert record.traffic
    assert record.traffic.by_color(record.stages[1].evidence["weights"]) == {"blue": 90, "green": 10}
    assert Record.read(record.text()) == record


def test_a_run_without_a_plan_begins_with_its_claim() -> None:
    claim = {"run": "r", "doing": "rollback", "by": "kim", "fence": 5_000}
    record = Record.of_claim("web", claim)
    assert record.outcome == Outcome("r", "rollback", "kim", 5, None, "", Version(), Version())
