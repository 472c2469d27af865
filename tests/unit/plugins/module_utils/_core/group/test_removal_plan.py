# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.in_use import (
    InUseError,
    Surroundings,
    Use,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.removal import Removal
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.removal_plan import (
    Facts,
    decide,
)

from tests.unit.plugins.module_utils._core.group.groups import group, tag

NAME = "web-blue-v001"


def removal(**asked: Any) -> Removal:
    return Removal(NAME, "web", "It is being removed.", asked.pop("around", Surroundings()), **asked)


def old(**fields: Any) -> dict[str, Any]:
    tags = [tag("bluegreen:service", "web"), tag("bluegreen:color", "blue")]
    return group(Tags=tags, Instances=[{"InstanceId": "i-1", "LifecycleState": "InService"}], **fields)


def use(stable: str, **fields: Any) -> Use:
    return Use(old(**fields), {"arn:blue": {"bluegreen:stable": stable}})


def test_what_is_deleted_beside_the_group_is_shown() -> None:
    shown = decide(Facts(old(), use("green")), ["web-blue-v001-busy"], removal()).as_data([], [])
    assert shown["changed"]
    assert shown["diff"]["before"] == {
        "name": NAME,
        "instances": {"i-1": "InService"},
        "alarms": ["web-blue-v001-busy"],
    }


def test_what_is_stable_is_refused() -> None:
    with pytest.raises(InUseError, match="blue of web is stable"):
        decide(Facts(old(), use("blue")), [], removal())


def test_a_deadline_that_was_moved_since_the_decision_is_kept() -> None:
    due = Surroundings(retain_until="2026-11-28T05:00:00+00:00")
    with pytest.raises(InUseError, match="retain-until has changed"):
        decide(Facts(old(), use("green")), [], removal(around=due))


@pytest.mark.parametrize("found", [None, old(Status="Delete in progress")], ids=["gone", "being deleted"])
def test_of_a_group_that_was_deleted_the_alarms_are_left(found: dict[str, Any] | None) -> None:
    plan = decide(Facts(found), ["busy"], removal())
    assert plan.leaving is None
    assert plan.as_data([], [])["changed"]
    assert not decide(Facts(found), [], removal()).as_data([], [])["changed"]


@pytest.mark.parametrize("status", [{}, {"Status": "Delete in progress"}])
def test_a_group_of_another_service_stays(status: dict[str, str]) -> None:
    found = group(Tags=[tag("bluegreen:service", "shop")], **status)
    facts = Facts(found) if status else Facts(found, Use(found, {}))
    with pytest.raises(BluegreenError, match="not known to be web's"):
        decide(facts, [], removal())


@pytest.mark.parametrize(("asked", "drains"), [({}, True), ({"force": True}, False), ({"spread_seconds": 60}, False)])
def test_what_is_shrunk_or_forced_is_not_drained_first(asked: dict[str, Any], drains: bool) -> None:
    assert decide(Facts(old(), use("green")), [], removal(**asked)).drains == drains


@pytest.mark.parametrize("asked", [{"spread_seconds": -1}, {"keep_versions": -1}, {"wait": False}])
def test_what_makes_no_sense_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(BluegreenError):
        removal(**asked).check()
