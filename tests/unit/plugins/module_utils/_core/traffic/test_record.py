# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.decisions import (
    plan_join,
    plan_return,
    plan_split,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward_route import Listener, Rule
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.kinds import parse_routes
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record import RecordDefinition, leaving

from .routes import LISTENER, PREFIX, WWW, record_route

TARGETS = {"green": {"values": ["192.0.2.2"]}}


def weights(change: Any) -> dict[str, int | None]:
    return {identifier: each.get("Weight") for identifier, each in change.after.records.sets.items()}


def test_routes_are_arns_and_records() -> None:
    rule = f"{PREFIX}:listener-rule/app/web/0/1/2"
    *others, record = parse_routes([LISTENER, rule, WWW])
    assert others == [Listener(LISTENER), Rule(rule)]
    assert isinstance(record, RecordDefinition)
    assert (record.type, record.set_identifiers) == ("A", {"blue": "blue", "green": "green"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([5], "5 is not a route. A route is the ARN of a listener, the ARN of a listener rule or a mapping that"),
        ([{}], "is not a route"),
        ([{"zone": "example.com"}], "has a zone and a name"),
        ([{**WWW, "ttl": 60}], "a zone and a name, and may have a type.*given: zone: example.com"),
        ([{**WWW, "private_zone": "false"}], "private_zone .true or false."),
        ([{**WWW, "type": "MX"}], "of type A, AAAA, CNAME"),
        ([{**WWW, "set_identifiers": {"blue": "one"}}], "one for blue and another for green"),
        ([{**WWW, "set_identifiers": {"blue": "one", "green": "one"}}], "one for blue and another for green"),
        ([{**WWW, "set_identifiers": {"blue": 1, "green": "1"}}], "one for blue and another for green"),
        ([{**WWW, "set_identifiers": {"blue": True, "green": False}}], "and another for green, both as text"),
        ([{**WWW, "set_identifiers": {"blue": ["one"], "green": "two"}}], "and another for green, both as text"),
        ([{**WWW, "targets": {"green": {"alias": "lb"}}}], "green answers either values, a list, or an alias"),
        ([{**WWW, "targets": {"green": {"values": "192.0.2.1"}}}], "green answers either values, a list, or an alias"),
        ([{**WWW, "targets": {"green": "192.0.2.1"}}], "What green answers is a mapping"),
    ],
)
def test_what_is_no_route_is_refused(given: list[Any], said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        parse_routes(given)


def test_shares_are_by_color() -> None:
    route = record_route(("b", 3), ("g", 1), set_identifiers={"blue": "b", "green": "g"})
    assert route.shares() == {"blue": 75, "green": 25}
    assert (route.as_data()["weights"], route.describe()) == ({"b": 75, "g": 25}, "b 75 %, g 25 %")


def test_numbers_are_set_identifiers_as_route_53_returns_them() -> None:
    route = record_route(("1", 3), ("2", 1), set_identifiers={"blue": 1, "green": 2})
    assert (route.shares(), route.describe()) == ({"blue": 75, "green": 25}, "1 75 %, 2 25 %")


def test_what_stands_for_no_color_keeps_its_name() -> None:
    assert record_route(("b", 1), ("g", 0), ("old", 1), set_identifiers={"blue": "b", "green": "g"}).shares() == {
        "blue": 50,
        "old": 50,
    }


def test_weights_are_given_by_color() -> None:
    change = plan_split(record_route(("blue", 100), targets=TARGETS), {"blue": 90, "green": 10})
    assert weights(change) == {"blue": 90, "green": 10}


def test_weights_by_anything_but_color_are_refused() -> None:
    with pytest.raises(BluegreenError, match=r"is a DNS record, whose weights are given by color.*given: stranger"):
        record_route(("blue", 100), ("green", 0)).leading({"blue": [], "stranger": []})


def test_a_simple_record_keeps_the_whole_traffic_when_another_joins() -> None:
    assert weights(plan_join(record_route((None, 0), targets=TARGETS), ["green"])) == {"blue": 100, "green": 0}


def test_what_has_weight_and_is_not_named_is_refused() -> None:
    with pytest.raises(BluegreenError, match="also gives old 50 %, which is not among blue, green"):
        plan_split(record_route(("blue", 100), ("old", 100)), {"blue": 90, "green": 10})


def test_weights_that_are_all_zero_split_equally_and_are_left_alone() -> None:
    route = record_route(("blue", 0), ("green", 0))
    assert route.shares() == {"blue": 50, "green": 50}
    assert not plan_split(route, {"blue": 50, "green": 50}).needed
    assert weights(plan_split(route, {"blue": 100, "green": 0})) == {"blue": 100, "green": 0}


def test_a_return_gives_stable_everything() -> None:
    change = plan_return(record_route(("blue", 10), ("green", 90)), "blue", "green", 100)
    assert weights(change) == {"blue": 100, "green": 0}


def test_a_record_set_that_loses_everything_can_leave() -> None:
    change: Any = plan_return(record_route(("blue", 10), ("green", 90), ("old", 0)), "blue", "green", 100)
    assert weights(leaving(change)) == {"blue": 100, "old": 0}
    some: Any = plan_return(record_route(("blue", 10), ("green", 90)), "blue", "green", 60)
    assert leaving(some) == some


def test_a_return_leaves_to_a_stranger_what_it_has() -> None:
    change = plan_return(record_route(("blue", 50), ("green", 250), ("old", 9)), "blue", "green", 100)
    assert weights(change) == {"blue": 255, "green": 0, "old": 9}


def test_a_return_makes_nothing_for_the_candidate() -> None:
    assert not plan_return(record_route((None, 0), targets=TARGETS), "blue", "green", 100).needed
    assert not plan_return(record_route(("blue", 1)), "blue", "green", 100).needed


def test_a_return_to_what_is_not_there_is_refused() -> None:
    with pytest.raises(BluegreenError, match=r"has no record set blue \(it has: green\)"):
        plan_return(record_route(("green", 1)), "blue", "green", 100)
