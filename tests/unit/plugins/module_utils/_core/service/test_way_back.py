# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.marks import Marks, Remark
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.contest import Holder
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.group import Group
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.way_back import find_way_back
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.sessions import describe_sessions

from ..traffic.routes import BLUE, GREEN
from .services import NOW, group, route, service, with_group, with_healthy

LATER = NOW + timedelta(hours=2)


def standing(weights: Mapping[str, int], green: Group | None, blue: int = 1, healthy: int = 1) -> Service:
    """Blue is stable, with one target that is healthy or not, and so is green."""
    return with_healthy(service([route(weights)], green), blue=blue, green=healthy if green else 0)


SHIFTING = {BLUE: 90, GREEN: 10}
SETTLED = {BLUE: 100, GREEN: 0}


def test_in_mid_shift_it_leads_to_stable_within_seconds() -> None:
    way = find_way_back(standing(SHIFTING, group("green"))).as_data()
    assert way | {"possible": True, "color": "blue", "release": "1.0.0", "seconds": 5, "until": None} == way
    assert way["loss"] == [describe_sessions([route(SHIFTING)])]


def test_where_all_weights_are_zero_it_leads_to_stable_first() -> None:
    kept = group("green", retain_until=LATER)
    assert find_way_back(standing({BLUE: 0, GREEN: 0}, kept)).as_data()["color"] == "blue"


def test_after_a_release_it_leads_to_what_is_retained_until_its_end() -> None:
    way = find_way_back(standing(SETTLED, group("green", retain_until=LATER))).as_data()
    assert (way["color"], way["until"]) == ("green", LATER.isoformat())


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (standing(SETTLED, None), "No previous environment is retained."),
        (standing(SETTLED, group("green")), "has no traffic, so there is nothing to return"),
        (standing(SHIFTING, group("green"), blue=0), "No target of web-blue is healthy."),
        (standing(SETTLED, group("green", retain_until=LATER), healthy=0), "No target of web-green is healthy."),
    ],
    ids=["nothing retained", "a candidate without traffic", "stable is down", "the previous one is down"],
)
def test_where_there_is_none_it_says_why(made: Service, why: str) -> None:
    way = find_way_back(made).as_data()
    assert (way["possible"], way["color"]) == (False, None)
    assert why in way["reason"]


def test_a_schema_that_a_hook_has_contracted_closes_it() -> None:
    kept = group("green", retain_until=LATER)
    left = replace(kept, marks=Marks(leaving=Remark("hook before_teardown has begun", NOW)))
    assert "Hook before_teardown has begun" in str(find_way_back(standing(SETTLED, left)).reason)


@pytest.mark.parametrize("alive", [True, False])
def test_a_removal_stops_for_a_return_unless_nobody_is_there_to_stop_it(alive: bool) -> None:
    kept = group("green", retain_until=LATER)
    removed = replace(kept, marks=Marks(leaving=Remark("It is being removed.", NOW)))
    claim = Claim.new("run-1", "teardown", "AWX job 4711", "", NOW.timestamp())
    way = find_way_back(replace(standing(SETTLED, removed), holder=Holder(claim, alive)))
    assert (way.to is not None) == alive
    assert any("is being removed" in each for each in way.loss) == alive
    assert ("The removal of web-green-v001 was interrupted" in way.reason) == (not alive)


def test_one_that_is_short_of_capacity_takes_as_long_as_that() -> None:
    small = group("green", retain_until=LATER, desired=3)
    way = find_way_back(standing(SETTLED, small))
    assert way.seconds is None
    assert way.loss[0] == "1 of 3 targets are healthy: more traffic returns as more of them are."


def rolled(image: str, running: str, **more: str) -> Service:
    """Blue alone, which was rolled from 1.0.0; its instances are of version 1, and it launches version ``running``."""
    tags = {"previous-image": "ami-1", "previous-release": "1.0.0", **more}
    template = {"LaunchTemplateId": "lt-1", "Version": "1"}
    described = {
        "Tags": [{"Key": f"bluegreen:{key}", "Value": value} for key, value in tags.items()],
        "LaunchTemplate": {**template, "Version": running},
        "Instances": [{"InstanceId": "i-1", "LifecycleState": "InService", "LaunchTemplate": template}],
    }
    return with_group(standing(SETTLED, None), "blue", image_id=image, release="2.0.0", described=described)


@pytest.mark.parametrize(
    "made", [rolled("ami-2", "1"), rolled("ami-1", "2")], ids=["it is over", "half of it is replaced"]
)
def test_after_a_roll_it_leads_back_in_place_within_minutes(made: Service) -> None:
    way = find_way_back(made).as_data()
    assert (way["possible"], way["in_place"], way["color"], way["seconds"]) == (True, True, "blue", None)
    assert (way["image_id"], way["release"]) == ("ami-1", "1.0.0")
    assert "rollback.yml returns web-blue-v001 to 1.0.0 (ami-1) in place" in way["reason"]
    assert "a few at a time, which takes minutes" in way["loss"][0]


def test_what_was_rolled_back_already_leads_nowhere() -> None:
    way = find_way_back(rolled("ami-1", "1")).as_data()
    assert (way["possible"], way["in_place"]) == (False, False)
    assert "No previous environment is retained. Deploy" in way["reason"]
