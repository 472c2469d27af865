# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schedules of a service are: their names, times, targets and inputs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.safety.schedules import (
    GROUP,
    ReturnSchedule,
    SafetyNet,
    find_strange,
    plan_schedules,
    prefix_of,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward_route import ForwardRoute
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record import (
    RecordDefinition,
    RecordRoute,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record_sets import Records
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.route import Environments
from hypothesis import given
from hypothesis import strategies as st

LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0/1"
RULE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/web/0/1/2"
BLUE, GREEN = (f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-{each}/0" for each in ("b", "g"))
ENVIRONMENTS: Environments = {"blue": [BLUE], "green": [GREEN]}
NET = SafetyNet("web", "arn:aws:iam::123456789012:role/return", 300)
LOGIN = {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {"Issuer": "i", "UserInfoEndpoint": "u"}}


def forward(arn: str, weights: Mapping[str, int], sticky: bool = False, first: Any = None) -> ForwardRoute:
    groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in weights.items()]
    stickiness = {"Enabled": sticky, **({"DurationSeconds": 60} if sticky else {})}
    config = {"TargetGroups": groups, "TargetGroupStickinessConfig": stickiness}
    actions = [*([first] if first else []), {"Type": "forward", "Order": 2, "ForwardConfig": config}]
    return ForwardRoute.read(arn, actions).leading(ENVIRONMENTS)


def record() -> RecordRoute:
    alias = {"HostedZoneId": "ZELB", "DNSName": "web.elb.amazonaws.com.", "EvaluateTargetHealth": True}
    fields = {"Name": "www.example.com.", "Type": "A"}
    sets = [
        {**fields, "SetIdentifier": "blue", "Weight": 90, "AliasTarget": alias},
        {**fields, "SetIdentifier": "green", "Weight": 10, "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]},
    ]
    definition = RecordDefinition.parse({"zone": "Z1", "name": "www.example.com"})
    assert definition
    records = Records.read("Z1", "www.example.com", "A", sets, {})
    return RecordRoute(definition, records, 60).leading(ENVIRONMENTS)


def planned(*routes: Any) -> list[ReturnSchedule]:
    return plan_schedules(NET, routes, "blue", "green")


def input_of(schedule: ReturnSchedule) -> Any:
    return json.loads(schedule.settings["Target"]["Input"])


def test_a_listener_and_a_rule_get_all_their_actions_with_everything_to_stable() -> None:
    listener, rule = planned(
        forward(LISTENER, {BLUE: 90, GREEN: 10}, first=LOGIN), forward(RULE, {BLUE: 0, GREEN: 100})
    )
    assert listener.settings["Target"]["Arn"] == "arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:modifyListener"
    login, action = input_of(listener)["DefaultActions"]
    assert login["AuthenticateOidcConfig"]["UseExistingClientSecret"] is True
    assert action["ForwardConfig"] == {
        "TargetGroups": [{"TargetGroupArn": BLUE, "Weight": 100}, {"TargetGroupArn": GREEN, "Weight": 0}],
        "TargetGroupStickinessConfig": {"Enabled": False},
    }
    assert rule.settings["Target"]["Arn"].endswith(":modifyRule")
    assert (input_of(rule)["RuleArn"], set(input_of(rule))) == (RULE, {"RuleArn", "Actions"})


def test_parameters_of_a_sign_in_keep_their_names() -> None:
    extra = {"IDPHint": "corp", "UI": "dark", "ui_locales": "en"}
    config = {
        "UserPoolArn": "p",
        "UserPoolClientId": "c",
        "UserPoolDomain": "d",
        "AuthenticationRequestExtraParams": extra,
    }
    first = {"Type": "authenticate-cognito", "Order": 1, "AuthenticateCognitoConfig": config}
    (schedule,) = planned(forward(LISTENER, {BLUE: 90, GREEN: 10}, first=first))
    assert input_of(schedule)["DefaultActions"][0]["AuthenticateCognitoConfig"] == config


def test_a_candidate_leaves_a_sticky_route_as_in_any_return() -> None:
    (schedule,) = planned(forward(LISTENER, {BLUE: 90, GREEN: 10}, sticky=True))
    config = input_of(schedule)["DefaultActions"][0]["ForwardConfig"]
    assert config["TargetGroups"] == [{"TargetGroupArn": BLUE, "Weight": 100}]
    assert config["TargetGroupStickinessConfig"] == {"Enabled": True, "DurationSeconds": 60}


def test_records_are_upserted_by_the_names_of_the_sdk_for_java() -> None:
    (schedule,) = planned(record())
    assert schedule.settings["Target"]["Arn"] == "arn:aws:scheduler:::aws-sdk:route53:changeResourceRecordSets"
    blue, green = input_of(schedule)["ChangeBatch"]["Changes"]
    assert (blue["Action"], blue["ResourceRecordSet"]["Weight"]) == ("UPSERT", 100)
    assert blue["ResourceRecordSet"]["AliasTarget"]["DnsName"] == "web.elb.amazonaws.com."
    assert (green["ResourceRecordSet"]["Weight"], green["ResourceRecordSet"]["Ttl"]) == (0, 60)


def test_a_route_that_gives_the_candidate_nothing_needs_none() -> None:
    assert planned(forward(LISTENER, {BLUE: 100, GREEN: 0})) == []


def test_each_runs_once_and_is_gone_then_and_is_of_the_role() -> None:
    (schedule,) = planned(forward(LISTENER, {BLUE: 90, GREEN: 10}))
    settings = schedule.settings
    assert (settings["ActionAfterCompletion"], settings["FlexibleTimeWindow"]) == ("DELETE", {"Mode": "OFF"})
    assert (settings["GroupName"], settings["Target"]["RoleArn"]) == (GROUP, NET.role)
    china = planned_by(replace(NET, role="arn:aws-cn:iam::123456789012:role/return"))
    assert china.settings["Target"]["Arn"].startswith("arn:aws-cn:scheduler:::aws-sdk:")


def planned_by(net: SafetyNet) -> ReturnSchedule:
    (schedule,) = plan_schedules(net, [forward(LISTENER, {BLUE: 90, GREEN: 10})], "blue", "green")
    return schedule


@given(st.floats(0, 4e9), st.integers(180, 86400))
def test_aws_calls_in_the_minute_in_which_the_time_is_over(now: float, seconds: int) -> None:
    due = replace(NET, seconds=seconds).due(now)
    over = datetime.fromtimestamp(now, UTC) + timedelta(seconds=seconds)
    assert (due.second, due.microsecond) == (0, 0)
    assert timedelta(0) <= over - due < timedelta(minutes=1, milliseconds=1)


def test_what_was_read_is_sent_back_whole_with_another_time() -> None:
    (schedule,) = planned(forward(LISTENER, {BLUE: 90, GREEN: 10}))
    due = datetime(2026, 11, 28, 17, 5, tzinfo=UTC)
    request = schedule.at(due)
    assert request["ScheduleExpression"] == "at(2026-11-28T17:05:00)"
    found = request | {"Arn": "a", "State": "ENABLED", "CreationDate": 1, "ScheduleExpressionTimezone": "UTC"}
    assert ReturnSchedule.read(found).at(due) == request


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_names_are_those_that_aws_takes_and_of_one_service_only(one: str, other: str) -> None:
    schedule = planned_by(replace(NET, service=one))
    assert re.fullmatch(r"[0-9a-zA-Z_.-]{1,64}", schedule.name)
    assert schedule.name.startswith(prefix_of(one))
    assert one == other or not schedule.name.startswith(prefix_of(other))


def test_two_routes_of_a_service_have_two_names() -> None:
    both = planned(forward(LISTENER, {BLUE: 90, GREEN: 10}), forward(RULE, {BLUE: 90, GREEN: 10}))
    assert len({each.name for each in both}) == 2


class Strange(ForwardRoute):
    call = None  # type: ignore[assignment]


def test_a_kind_of_route_that_aws_has_no_call_for_is_refused() -> None:
    strange = Strange.read(LISTENER, forward(LISTENER, {BLUE: 90, GREEN: 10}).actions).leading(ENVIRONMENTS)
    (finding,) = find_strange([strange, record()])
    assert LISTENER in finding
    assert "Remove the variable" in finding
    with pytest.raises(BluegreenError, match="AWS cannot return the traffic of"):
        planned(strange)
