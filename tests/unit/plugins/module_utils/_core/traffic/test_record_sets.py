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
    plan_records,
    plan_records_join,
    shares_of,
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


def weights(changed: Any) -> dict[str, int]:
    return {identifier: each["Weight"] for identifier, each in changed.after.items()}


BLUE = fields("blue", 100, AliasTarget=ALIAS, HealthCheckId="h-1")
GREEN = fields("green", 0, AliasTarget={**ALIAS, "DNSName": "green.elb.example."})
TO_GREEN = {"values": ["192.0.2.2"]}


def test_only_the_weights_change() -> None:
    change = plan_records(read(BLUE, GREEN), {"blue": 90, "green": 10}, {})
    assert change.after == {"blue": {**BLUE, "Weight": 90}, "green": {**GREEN, "Weight": 10}}


def test_a_record_set_joins_and_the_weights_of_the_others_stay() -> None:
    third = fields("third", 3, AliasTarget=ALIAS)
    change = plan_records_join(
        read(fields("blue", 7), third, green=TO_GREEN), ["green"], {"green": RecordTarget.parse("green", TO_GREEN)}
    )
    assert weights(change) == {"blue": 7, "third": 3, "green": 0}
    assert not plan_records_join(read(BLUE, GREEN), ["green"], {}).needed


def test_what_splits_equally_by_weights_of_zero_goes_on_so_when_another_joins() -> None:
    third = fields("third", 0, AliasTarget=ALIAS)
    targets = {"green": RecordTarget.parse("green", TO_GREEN)}
    change = plan_records_join(read(fields("blue", 0), third, green=TO_GREEN), ["green"], targets)
    assert shares_of(change.after) == {"blue": 50, "third": 50, "green": 0}


def test_a_simple_record_keeps_the_whole_traffic_when_another_joins() -> None:
    targets = {"blue": None, "green": RecordTarget.parse("green", TO_GREEN)}
    change = plan_records_join(read(simple(AliasTarget=ALIAS), blue=None, green=TO_GREEN), ["green"], targets)
    assert weights(change) == {"blue": 100, "green": 0}


def test_one_batch_deletes_what_was_read_and_creates_it_anew() -> None:
    change = plan_records(read(BLUE, GREEN), {"blue": 90, "green": 10}, {})
    assert [each["Action"] for each in change.batch()] == ["DELETE", "DELETE", "CREATE", "CREATE"]
    assert [each["ResourceRecordSet"] for each in change.batch()[:2]] == [BLUE, GREEN]
    assert [each["ResourceRecordSet"] for each in change.undone().batch()[2:]] == [BLUE, GREEN]


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 100))
def test_a_batch_leaves_the_weights_that_were_given_and_its_undoing_what_was_there(
    blue: int, green: int, percent: int
) -> None:
    found = fields("blue", blue), fields("green", green)
    change = plan_records(read(*found), {"blue": percent, "green": 100 - percent}, {})
    after = applied(found, change)
    assert shares_of({each["SetIdentifier"]: each for each in after}) == {"blue": percent, "green": 100 - percent}
    assert sorted(applied(after, change.undone()), key=str) == sorted(found, key=str)


def applied(found: Sequence[Mapping[str, Any]], change: RecordChange) -> list[Mapping[str, Any]]:
    """As Route 53 does it: it deletes only what is there."""
    left = list(found)
    for each in change.batch():
        if each["Action"] == "DELETE":
            left.remove(each["ResourceRecordSet"])
        else:
            left.append(each["ResourceRecordSet"])
    return left


@given(st.integers(1, 255), st.integers(0, 100))
def test_a_split_that_is_there_already_is_left_alone(factor: int, percent: int) -> None:
    found = fields("blue", percent * factor), fields("green", (100 - percent) * factor)
    change = plan_records(read(*found), {"blue": percent, "green": 100 - percent}, {})
    assert not change.needed
    assert change.batch() == []


def test_weights_that_are_all_zero_split_equally() -> None:
    records = read(fields("blue", 0), fields("green", 0))
    assert records.shares() == {"blue": 50, "green": 50}
    assert plan_records(records, {"blue": 50, "green": 50}, {}).needed is False
    assert weights(plan_records(records, {"blue": 100, "green": 0}, {})) == {"blue": 100, "green": 0}


def test_what_has_weight_and_is_not_named_is_refused() -> None:
    records = read(BLUE, fields("old", 100))
    with pytest.raises(BluegreenError, match="also answers 50 % with old, which is not among blue, green"):
        plan_records(records, {"blue": 90, "green": 10}, {})


def test_what_has_no_weight_and_is_not_named_keeps_its_place() -> None:
    change = plan_records(read(BLUE, GREEN, fields("old", 0)), {"blue": 50, "green": 50}, {})
    assert weights(change) == {"blue": 50, "green": 50, "old": 0}
    assert len(change.batch()) == 4


def test_a_record_set_that_lacks_is_made_of_its_target_with_the_others_ttl() -> None:
    records = read(fields("blue", 1, TTL=5, ResourceRecords=[{"Value": "192.0.2.1"}]))
    change = plan_records(records, {"blue": 100, "green": 0}, {"green": RecordTarget.parse("green", TO_GREEN)})
    assert change.after["green"] == fields("green", 0, TTL=5, ResourceRecords=[{"Value": "192.0.2.2"}])
    with pytest.raises(BluegreenError, match=r"no record set green \(it has: blue\). Say in targets"):
        plan_records(records, {"blue": 100, "green": 0}, {})


def test_a_simple_record_becomes_weighted_and_keeps_what_it_answers() -> None:
    found = simple(TTL=5, ResourceRecords=[{"Value": "192.0.2.1"}], HealthCheckId="h-1")
    records = read(found, blue=None, green=TO_GREEN)
    change = plan_records(records, {"blue": 100, "green": 0}, {"green": RecordTarget.parse("green", TO_GREEN)})
    deleted, *created = change.batch()
    assert deleted == {"Action": "DELETE", "ResourceRecordSet": found}
    assert [each["ResourceRecordSet"] for each in created] == [
        {**found, "SetIdentifier": "blue", "Weight": 100},
        fields("green", 0, TTL=5, ResourceRecords=[{"Value": "192.0.2.2"}]),
    ]


def test_a_simple_record_is_of_the_color_that_answers_the_same() -> None:
    targets = {color: {"alias": f"{color}.elb.example", "alias_zone_id": "ZELB"} for color in ("green", "blue")}
    assert read(simple(AliasTarget=ALIAS), **targets).shares() == {"blue": 100}


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


def test_shares_are_told_of_all_record_sets() -> None:
    assert shares_of({"blue": BLUE, "green": GREEN}) == {"blue": 100, "green": 0}
