# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record import (
    RecordDefinition,
    RecordRoute,
    parse_routes,
    plan_record_return,
    plan_record_weights,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record_sets import Records

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0/1"
WWW = {"zone": "example.com", "name": "www.example.com"}
PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup"
BLUE, GREEN = (f"{PREFIX}/web-{color}/0" for color in ("blue", "green"))
TARGETS = {"green": {"values": ["192.0.2.2"]}}


def standing(*found: tuple[str | None, int], **more: Any) -> RecordRoute:
    """Set identifiers and their weights; None for a simple record."""
    definition = RecordDefinition.parse({**WWW, **more})
    sets = [
        {"Name": "www.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
        | ({"SetIdentifier": identifier, "Weight": weight} if identifier else {})
        for identifier, weight in found
    ]
    records = Records.read("Z1", "www.example.com", "A", sets, definition.record.targets)
    return RecordRoute(definition, records, 60, {"blue": BLUE, "green": GREEN})


def weights(change: Any) -> dict[str, int | None]:
    return {identifier: each.get("Weight") for identifier, each in change.after.items()}


def test_routes_are_arns_and_records() -> None:
    arns, (record,) = parse_routes([ARN, WWW])
    assert arns == [ARN]
    assert (record.record.type, record.set_identifiers) == ("A", {"blue": "blue", "green": "green"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([5], "A route is an ARN, or a mapping"),
        ([{"zone": "example.com"}], "has a zone and a name"),
        ([{**WWW, "ttl": 60}], "a zone and a name, and may have a type.*given: zone: example.com"),
        ([{**WWW, "private_zone": "false"}], "private_zone .true or false."),
        ([{**WWW, "type": "MX"}], "of type A, AAAA, CNAME"),
        ([{**WWW, "set_identifiers": {"blue": "one"}}], "one for blue and another for green"),
        ([{**WWW, "set_identifiers": {"blue": "one", "green": "one"}}], "one for blue and another for green"),
        ([{**WWW, "targets": {"green": {"alias": "lb"}}}], "green answers either values, a list, or an alias"),
        ([{**WWW, "targets": {"green": {"values": "192.0.2.1"}}}], "green answers either values, a list, or an alias"),
        ([{**WWW, "targets": {"green": "192.0.2.1"}}], "What green answers is a mapping"),
    ],
)
def test_what_is_no_route_is_refused(given: list[Any], said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        parse_routes(given)


def test_shares_are_told_by_target_group() -> None:
    route = standing(("b", 3), ("g", 1), set_identifiers={"blue": "b", "green": "g"})
    assert route.shares() == {BLUE: 75, GREEN: 25}
    assert route.as_data()["weights"] == {BLUE: 75, GREEN: 25}


def test_what_stands_for_no_target_group_keeps_its_name() -> None:
    assert standing(("blue", 1), ("green", 0), ("old", 1)).shares() == {BLUE: 50, "old": 50}


def test_weights_are_given_by_target_group() -> None:
    change = plan_record_weights(standing(("blue", 100), targets=TARGETS), {BLUE: 90, GREEN: 10})
    assert weights(change) == {"blue": 90, "green": 10}


def test_weights_of_another_target_group_are_refused() -> None:
    stranger = f"{PREFIX}/stranger/0"
    with pytest.raises(BluegreenError, match="leads to web-blue or web-green, and not to target group stranger"):
        plan_record_weights(standing(("blue", 100), ("green", 0)), {BLUE: 90, stranger: 10})


def test_a_return_gives_stable_everything() -> None:
    change = plan_record_return(standing(("blue", 10), ("green", 90)), BLUE, GREEN, 100)
    assert weights(change) == {"blue": 100, "green": 0}


def test_a_return_makes_nothing_for_the_candidate() -> None:
    assert not plan_record_return(standing((None, 0), targets=TARGETS), BLUE, GREEN, 100).needed
    assert not plan_record_return(standing(("blue", 1)), BLUE, GREEN, 100).needed


def test_a_return_to_what_is_not_there_is_refused() -> None:
    with pytest.raises(BluegreenError, match="has no record set blue, which is stable's; it has green"):
        plan_record_return(standing(("green", 1)), BLUE, GREEN, 100)
