# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record_sets import (
    OTHER_ROUTING,
    RecordChange,
    Records,
    check_ttls,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record_targets import RecordTarget
from hypothesis import given
from hypothesis import strategies as st

NAME = "www.example.com."
ALIAS = {"HostedZoneId": "ZELB", "DNSName": "dualstack.blue.elb.example.", "EvaluateTargetHealth": True}


def fields(identifier: str, weight: int, **others: Any) -> dict[str, Any]:
    answer = {"TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    return {"Name": NAME, "Type": "A", "SetIdentifier": identifier, "Weight": weight, **(others or answer)}


def simple(**answer: Any) -> dict[str, Any]:
    return {"Name": NAME, "Type": "A", **answer}


def read(*found: Mapping[str, Any], **targets: Mapping[str, Any] | None) -> Records:
    parsed = {name: RecordTarget.parse(name, said) if said else None for name, said in targets.items()}
    return Records.read("Z1", "www.example.com", "A", found, parsed)


def plan(records: Records, weights: Mapping[str, int], targets: Mapping[str, Any]) -> RecordChange:
    return RecordChange(records, records.given(weights, targets))


BLUE = fields("blue", 100, AliasTarget=ALIAS, HealthCheckId="h-1")
GREEN = fields("green", 0, AliasTarget={**ALIAS, "DNSName": "green.elb.example."})
TO_GREEN = {"values": ["192.0.2.2"]}


def test_only_the_weights_change() -> None:
    change = plan(read(BLUE, GREEN), {"blue": 90, "green": 10}, {})
    assert change.after.sets == {"blue": {**BLUE, "Weight": 90}, "green": {**GREEN, "Weight": 10}}


def test_one_batch_deletes_what_was_read_and_creates_it_anew() -> None:
    change = plan(read(BLUE, GREEN), {"blue": 90, "green": 10}, {})
    assert [each["Action"] for each in change.batch()] == ["DELETE", "DELETE", "CREATE", "CREATE"]
    assert [each["ResourceRecordSet"] for each in change.batch()[:2]] == [BLUE, GREEN]
    assert [each["ResourceRecordSet"] for each in undone(change).batch()[2:]] == [BLUE, GREEN]


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 100))
def test_a_batch_leaves_the_weights_that_were_given_and_its_undoing_what_was_there(
    blue: int, green: int, percent: int
) -> None:
    found = fields("blue", blue), fields("green", green)
    change = plan(read(*found), {"blue": percent, "green": 100 - percent}, {})
    after = applied(found, change)
    assert read(*after).weights == {"blue": percent, "green": 100 - percent}
    assert sorted(applied(after, undone(change)), key=str) == sorted(found, key=str)


def undone(change: RecordChange) -> RecordChange:
    return RecordChange(change.after, change.before)


def applied(found: Sequence[Mapping[str, Any]], change: RecordChange) -> list[Mapping[str, Any]]:
    """As Route 53 does it: it deletes only what is there."""
    left = list(found)
    for each in change.batch():
        if each["Action"] == "DELETE":
            left.remove(each["ResourceRecordSet"])
        else:
            left.append(each["ResourceRecordSet"])
    return left


def test_what_is_there_already_is_left_alone() -> None:
    records = read(fields("blue", 3), fields("green", 1))
    assert plan(records, records.weights, {}).batch() == []


def test_what_has_no_weight_and_keeps_it_is_not_written() -> None:
    change = plan(read(BLUE, GREEN, fields("old", 0)), {"blue": 50, "green": 50, "old": 0}, {})
    assert len(change.batch()) == 4


def test_a_record_set_that_lacks_is_made_of_its_target_with_the_others_ttl() -> None:
    records = read(fields("blue", 1, TTL=5, ResourceRecords=[{"Value": "192.0.2.1"}]))
    change = plan(records, {"blue": 100, "green": 0}, {"green": RecordTarget.parse("green", TO_GREEN)})
    assert change.after.sets["green"] == fields("green", 0, TTL=5, ResourceRecords=[{"Value": "192.0.2.2"}])
    with pytest.raises(BluegreenError, match=r"no record set green \(it has: blue\). Say in targets"):
        plan(records, {"blue": 100, "green": 0}, {})


def test_a_simple_record_becomes_weighted_and_keeps_what_it_answers() -> None:
    found = simple(TTL=5, ResourceRecords=[{"Value": "192.0.2.1"}], HealthCheckId="h-1")
    records = read(found, blue=None, green=TO_GREEN)
    change = plan(records, {"blue": 100, "green": 0}, {"green": RecordTarget.parse("green", TO_GREEN)})
    deleted, *created = change.batch()
    assert deleted == {"Action": "DELETE", "ResourceRecordSet": found}
    assert [each["ResourceRecordSet"] for each in created] == [
        {**found, "SetIdentifier": "blue", "Weight": 100},
        fields("green", 0, TTL=5, ResourceRecords=[{"Value": "192.0.2.2"}]),
    ]


def test_a_simple_record_is_of_the_color_that_answers_the_same() -> None:
    targets = {color: {"alias": f"{color}.elb.example", "alias_zone_id": "ZELB"} for color in ("green", "blue")}
    assert read(simple(AliasTarget=ALIAS), **targets).weights == {"blue": 100}


@pytest.mark.parametrize("targets", [{"blue": None, "green": None}, {"blue": TO_GREEN, "green": TO_GREEN}])
def test_a_simple_record_that_may_be_of_either_color_is_refused(targets: dict[str, Any]) -> None:
    with pytest.raises(BluegreenError, match=r"simple record; which of blue and green is it\?"):
        read(simple(TTL=5, ResourceRecords=[{"Value": "192.0.2.1"}]), **targets)


@pytest.mark.parametrize("key", OTHER_ROUTING)
def test_other_routing_is_refused_by_its_name(key: str) -> None:
    with pytest.raises(BluegreenError, match=f"is routed {OTHER_ROUTING[key]}; a route is a weighted record"):
        read({**simple(TTL=5), "SetIdentifier": "blue", key: "anything"})


def test_a_record_that_is_not_there_is_refused() -> None:
    with pytest.raises(BluegreenError, match=r"There is no record A www.example.com \(zone Z1\). Make it first"):
        read()


def test_answers_that_live_for_different_times_are_refused() -> None:
    check_ttls("A www", {"blue": 60, "green": 60})
    with pytest.raises(BluegreenError, match=r"different times: blue 60 s, green 300 s. Give all"):
        check_ttls("A www", {"blue": 60, "green": 300})
