# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.capacity import Bounds
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import (
    Environment,
    check_routes,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.group import Group
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.place import Place
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.stable import check_owners, find_stable
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.pairs import other, read_pairs

from ..traffic.routes import BLUE, ENVIRONMENTS, GREEN, PREFIX
from .services import NOW, group, route, service

STRANGER = f"{PREFIX}:targetgroup/stranger/0"


@pytest.mark.parametrize(
    ("routes", "candidate", "phase"),
    [
        ([{BLUE: 100}], None, "settled"),
        ([{BLUE: 100, GREEN: 0}], group("green", retain_until=NOW), "settled"),
        ([{BLUE: 100, GREEN: 0}], group("green"), "provisioned"),
        ([{BLUE: 90, GREEN: 10}], group("green"), "shifting"),
        ([{BLUE: 0, GREEN: 100}], group("green", retain_until=NOW), "shifting"),
        ([{BLUE: 100, GREEN: 0}, {BLUE: 90, GREEN: 10}], group("green"), "shifting"),
    ],
)
def test_the_phase_follows_from_traffic_and_groups(
    routes: Sequence[Mapping[str, int]], candidate: Group | None, phase: str
) -> None:
    assert service([route(weights) for weights in routes], candidate).phase == phase


def test_routes_that_disagree_have_no_weights_in_common() -> None:
    torn = service([route({BLUE: 50, GREEN: 50}), route({BLUE: 90, GREEN: 10})], group("green"))
    assert torn.weights() is None
    assert torn.environments["green"].weight == 10
    assert service([route({BLUE: 9, GREEN: 1})]).weights() == {BLUE: 90, GREEN: 10}


@pytest.mark.parametrize(("until", "due"), [(None, False), (NOW, True), (NOW + timedelta(seconds=1), False)])
def test_a_retained_group_is_due_when_its_deadline_is_over(until: datetime | None, due: bool) -> None:
    shown = service([route({BLUE: 100})], group("green", retain_until=until)).as_data(NOW)["environments"]["green"]
    assert shown["due"] is due
    assert shown["retain_until"] == (until.isoformat() if until else None)


def test_an_empty_environment_is_shown_with_the_same_keys() -> None:
    shown = service([route({BLUE: 100})]).as_data(NOW)["environments"]
    assert shown["green"].keys() == shown["blue"].keys()
    assert (shown["green"]["group"], shown["green"]["instances"], shown["green"]["desired"]) == (None, [], 0)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, "none"),
        ({"blue": "web-blue"}, "blue: web-blue"),
        ({"blue": "web", "green": "web"}, "green: web"),
        ({"blue": "web-blue", "green": "web-green", "red": "web-red"}, "red: web-red"),
        ({"blue": ["web-blue", "admin-blue"], "green": "web-green"}, "blue: web-blue, admin-blue, green: web-green"),
        ({"blue": [], "green": []}, "blue: none"),
    ],
)
def test_each_color_has_target_groups_of_its_own(named: dict[str, Any], said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        read_pairs(named)


def test_target_groups_pair_in_the_order_given() -> None:
    assert read_pairs({"green": "web-green", "blue": ["web-blue"]}) == {"blue": ["web-blue"], "green": ["web-green"]}


def test_a_service_has_a_route() -> None:
    with pytest.raises(BluegreenError, match="web has no route"):
        Place.parse("web", [], ENVIRONMENTS).check()


def test_a_route_that_forwards_elsewhere_is_refused_unless_nothing_goes_there() -> None:
    check_routes([route({BLUE: 100, STRANGER: 0})])
    with pytest.raises(BluegreenError, match="forwards elsewhere: stranger 50 %"):
        check_routes([route({BLUE: 50, STRANGER: 50})])


def tags(**values: Any) -> dict[str, str]:
    return {f"bluegreen:{key}": value for key, value in values.items()}


@pytest.mark.parametrize(
    ("blue", "green", "weights", "stable"),
    [
        (tags(stable="green"), tags(stable="green"), {BLUE: 100}, "green"),
        (tags(stable="blue"), tags(stable="blue"), {BLUE: 50, GREEN: 50}, "blue"),
        ({}, {}, {BLUE: 100}, "blue"),
        ({}, {}, {BLUE: 0, GREEN: 1}, "green"),
        (tags(stable="blue"), tags(stable="green"), {GREEN: 100}, "green"),
    ],
)
def test_stable_is_what_the_tags_declare_or_else_what_has_the_whole_traffic(
    blue: dict[str, str], green: dict[str, str], weights: dict[str, int], stable: str
) -> None:
    assert find_stable("web", [route(weights)], ENVIRONMENTS, {BLUE: blue, GREEN: green}) == stable


def test_nobody_guesses_which_color_is_stable() -> None:
    with pytest.raises(BluegreenError, match="Which environment of web is stable"):
        find_stable("web", [route({BLUE: 50, GREEN: 50})], ENVIRONMENTS, {BLUE: {}, GREEN: {}})


def test_a_target_group_of_another_service_is_refused() -> None:
    with pytest.raises(BluegreenError, match="web-blue belongs to service shop, not web"):
        check_owners("web", ENVIRONMENTS, {BLUE: tags(service="shop"), GREEN: {}})


def test_each_color_is_the_other_one_s_other() -> None:
    assert (other("blue"), other("green")) == ("green", "blue")


@pytest.mark.parametrize(
    ("weights", "desired", "pinned", "healthy"),
    [
        pytest.param([1, 1, 1], 3, None, (3, 2), id="without weights"),
        pytest.param([1, 1], 3, None, (3, 2), id="one is missing"),
        pytest.param([], 3, None, (3, 2), id="none is there"),
        pytest.param([4, 4], 6, None, (2, 1), id="weights"),
        pytest.param([1, 4, 4], 9, Bounds(5, 9), (3, 2), id="pinned, its own minimum counts"),
    ],
)
def test_healthy_targets_are_counted_by_the_weights_of_the_instances(
    weights: list[int], desired: int, pinned: Bounds | None, healthy: tuple[int, int]
) -> None:
    sized = group("blue", weights=weights, desired=desired, minimum=2, pinned=pinned)
    shown = Environment("blue", [BLUE], 100, sized, []).as_data(NOW, None)
    assert (shown["expected_healthy"], shown["minimum_healthy"]) == healthy
