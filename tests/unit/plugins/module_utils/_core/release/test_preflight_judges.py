# SPDX-License-Identifier: GPL-3.0-or-later
"""What preflight says of the alarms, metrics and checks that judge a release."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.alarms import IN_ALARM, Alarm
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.facts import (
    Fact,
    Facts,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service

from ..definition.described import TEST_ROUTE
from ..traffic.routes import BLUE, ENVIRONMENTS, GREEN, PREFIX, forward_route
from .examining import examined
from .running import ARNS, OLD, service


def alarm(*about: str) -> Fact[list[Alarm]]:
    return Fact([Alarm("web-5xx", IN_ALARM, "why", None, frozenset(about))])


def test_an_alarm_of_the_idle_environment_does_not_prevent_a_release_and_does_a_roll() -> None:
    idle = service(OLD).environments["green"].resources
    assert examined(facts=Facts(alarms=alarm(*idle))).found == []
    assert "Alarm web-5xx is in ALARM" in examined(facts=Facts(alarms=alarm(*idle)), stages=["roll"]).found[0]
    assert "Alarm web-5xx is in ALARM" in examined(facts=Facts(alarms=alarm())).found[0]


def test_alarms_of_the_idle_environment_may_ring_for_as_long_as_its_old_data_matters() -> None:
    idle = service(OLD).environments["green"].resources
    slow = Alarm("web-green-slow", IN_ALARM, "why", None, frozenset(idle), forgets_after=1620)
    for timeout in ("0", "5m"):
        found = examined(facts=Facts(alarms=Fact([slow])), propagation_timeout=timeout)
        assert (found.found, found.quiet_after) == ([], 1620)
    assert examined(facts=Facts(alarms=alarm())).quiet_after == examined().quiet_after == 0


@pytest.mark.parametrize(("missing_data", "stays"), [("notBreaching", False), ("ignore", True), ("breaching", True)])
def test_an_alarm_of_the_idle_environment_that_the_release_waits_for_is_warned_of(
    missing_data: str, stays: bool
) -> None:
    idle = service(OLD).environments["green"].resources
    slow = alarms_of(idle, Period=3600, EvaluationPeriods=3, TreatMissingData=missing_data)
    (warned,) = [each for each in examined(facts=slow).warned if "web-green-slow" in each]
    assert "Before its first shift, the release waits up to 5 h 2 min until it is no longer in ALARM" in warned
    assert (f"Its TreatMissingData is {missing_data}: if its metric counts requests, it stays" in warned) is stays
    quiet = alarms_of(idle, StateValue="OK", Period=3600, EvaluationPeriods=3, TreatMissingData=missing_data)
    assert "web-green-slow" not in str(examined(facts=quiet).warned)
    assert "web-green-slow" not in str(examined(facts=slow, stages=["provision"]).warned), "it shifts nothing"


def alarms_of(resources: Collection[str], **fields: Any) -> Facts:
    """One alarm, in ALARM unless it is said otherwise."""
    dimensions = [{"Name": "TargetGroup", "Value": each} for each in resources]
    described = {"AlarmName": "web-green-slow", "StateValue": "ALARM", "Dimensions": dimensions, **fields}
    return Facts(alarms=Fact([Alarm.read(described)]))


def behind(kind: str, **stickiness: Any) -> Service:
    """The service, whose one route is of this kind of load balancer."""
    route = forward_route({BLUE: 100, GREEN: 0}, stickiness, f"{PREFIX}:listener/{kind}/web/0/1")
    return replace(service(OLD), routes=[route.leading(ENVIRONMENTS)])


def test_a_network_load_balancer_whose_clients_would_stay_for_ever_is_refused_until_the_release_ends_that() -> None:
    sticky = behind("net", Enabled=True)
    (found,) = examined(sticky).found
    assert "Set bluegreen_stickiness_seconds to 0" in found
    assert examined(sticky, stickiness_seconds="0").found == []
    assert examined(sticky, stages=["teardown"]).found == []
    assert examined(behind("net", Enabled=False)).found == []
    assert examined(behind("app", Enabled=True, DurationSeconds=60)).found == []


def test_target_groups_without_cross_zone_load_balancing_are_told_to_the_plan() -> None:
    attributes = Fact(
        {
            arn: {"load_balancing.cross_zone.enabled": own}
            for arn, own in zip(ARNS.values(), ("true", "use_load_balancer_configuration"), strict=True)
        }
    )
    off = Fact({"load_balancing.cross_zone.enabled": "false"})
    assert examined(facts=Facts(attributes=attributes, balancer=off)).zonal == [ARNS["green"]]
    assert examined(facts=Facts(attributes=attributes)).zonal == []
    denied = examined(facts=Facts(attributes=attributes, balancer=Fact(BluegreenError("AccessDenied"))))
    assert (denied.found, denied.zonal, denied.unchecked) == ([], [], ["Not checked. AccessDenied"])


def test_sticky_targets_are_refused_where_a_route_will_not_be_sticky() -> None:
    facts = Facts(attributes=Fact({arn: {"stickiness.enabled": "true"} for arn in ARNS.values()}))
    assert "give the seconds" in examined(facts=facts).found[0]
    assert "Turn the targets' stickiness off" in examined(behind("net"), facts).found[0]
    assert examined(behind("app", Enabled=True, DurationSeconds=60), facts).found == []
    assert examined(facts=facts, stages=["teardown"]).found == []


@pytest.mark.parametrize(
    ("version", "prevents", "warns"), [("HTTP1", False, False), ("HTTP2", True, False), ("GRPC", True, True)]
)
def test_checks_by_http1_do_not_reach_other_versions_and_errors_of_grpc_are_not_counted(
    version: str, prevents: bool, warns: bool
) -> None:
    groups = [
        {"TargetGroupName": f"web-{color}", "TargetGroupArn": arn, "ProtocolVersion": version}
        for color, arn in ARNS.items()
    ]
    facts = Facts(target_groups=Fact(groups))
    found = examined(facts=facts, test_route=TEST_ROUTE)
    assert ("the load balancer refuses with status 464" in str(found.found)) is prevents
    assert ("do not count. Name an alarm" in str(found.warned)) is warns
    assert "464" not in str(examined(facts=facts).found), "nothing is checked without a test route"
    beside = Facts(target_groups=Fact([*groups, groups[0] | {"ProtocolVersion": "HTTP1"}]))
    assert "464" not in str(examined(facts=beside, test_route=TEST_ROUTE).found), "it may lead to the other pair"


def target_groups(protocol: str) -> Facts:
    found = [
        {"TargetGroupName": f"web-{color}", "TargetGroupArn": arn, "Protocol": protocol} for color, arn in ARNS.items()
    ]
    return Facts(target_groups=Fact(found))


OWN = {
    "name": "refused",
    "compare": "points",
    "value": "refused",
    "queries": [
        {"id": "refused", "namespace": "Web", "metric_name": "Refused", "dimensions": {"Of": "{target_group}"}}
    ],
}


@pytest.mark.parametrize(
    ("protocol", "metrics", "refused"),
    [
        ("HTTPS", ["errors", "latency"], ""),
        ("TCP", ["errors", OWN, "latency"], "bluegreen_metrics has errors and latency, which only an Application Load"),
        ("TLS", ["errors"], "bluegreen_metrics has errors, which only an Application Load"),
        ("TCP", [OWN, {"name": "latency", "dry_run": True}], ""),
        ("TCP", [], ""),
    ],
)
def test_metrics_that_a_network_load_balancer_does_not_have_are_refused(
    protocol: str, metrics: list[Any], refused: str
) -> None:
    found = examined(facts=target_groups(protocol), metrics=metrics).found
    assert [each[: len(refused)] for each in found] == ([refused] if refused else [])


@pytest.mark.parametrize(
    ("protocol", "said", "warns", "advises"),
    [
        ("HTTP", {"metrics": ["errors"]}, False, False),
        ("HTTP", {}, True, True),
        ("HTTP", {"metrics": [{"name": "errors", "dry_run": True}]}, True, True),
        ("TCP", {}, True, False),
        pytest.param(None, {}, True, False, id="target groups that were not read"),
    ],
)
def test_a_release_that_nothing_judges_is_warned_of(
    protocol: str | None, said: dict[str, Any], warns: bool, advises: bool
) -> None:
    warned = str(examined(facts=target_groups(protocol) if protocol else Facts(), alarms="", **said).warned)
    assert ("nothing will notice a bad release. Name alarms that go off when users are affected" in warned) is warns
    assert ("or set bluegreen_metrics to [{name: errors}]" in warned) is advises
