# SPDX-License-Identifier: GPL-3.0-or-later
"""What prevents a release, by what was read; no AWS is needed to decide it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.alarms import IN_ALARM, Alarm
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.sessions import UnrenewedSession
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.image_rule import ImageRule
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import encoded, fingerprint
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.case import Case
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.facts import (
    Fact,
    Facts,
    NotThereError,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.intent import find_intent
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.preflight import Examined, examine
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.quotas import Quota
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.retention import NO_END

from ..definition.reading import define
from .test_bring_up import ARNS, NEW, OLD, service, with_data
from .test_planner import TEST_ROUTE

WHOLE = ["provision", "verify", "swap", "teardown"]
TUESDAY = datetime(2026, 1, 6, 12, tzinfo=UTC)
GROUP = {
    "AutoScalingGroupName": "web-blue-v001",
    "DesiredCapacity": 2,
    "MinSize": 1,
    "MaxSize": 4,
    "TargetGroupARNs": [ARNS["blue"]],
}
SMALL = {"InstanceType": "t3.small", "VCpuInfo": {"DefaultVCpus": 2}}
UNREAD = Fact[Any](BluegreenError("AWS refused it."))


def examined(
    stands: Service | None = None, facts: Facts | None = None, stages: list[str] | None = None, **said: Any
) -> Examined:
    """Of a service that is live in blue with an old image."""
    parts = stages or WHOLE
    definition = define(parts[0] if len(parts) == 1 else "deploy", **{"alarms": "web-5xx", **said})
    intent = find_intent(definition, stands or service(OLD), parts)
    return examine(Case(definition, intent, facts or Facts(), parts, TUESDAY, 3, 5), [])


def alarm(*about: str) -> Fact[list[Alarm]]:
    return Fact([Alarm("web-5xx", IN_ALARM, "why", None, frozenset(about))])


@pytest.mark.parametrize(
    ("minutes", "bake", "found", "warned"),
    [
        (20, "30m", "The credentials expire in 20 min (SOURCE), and the release bakes for 30 min together", ""),
        (40, "30m", "", ""),
        (None, "30m", "", "The credentials are temporary (SOURCE), nothing renews them, and it is not known when"),
        (None, "15m", "", ""),
    ],
)
def test_credentials_that_nothing_renews(minutes: int | None, bake: str, found: str, warned: str) -> None:
    ends = TUESDAY + timedelta(minutes=minutes) if minutes else None
    facts = Facts(session=Fact[UnrenewedSession | None](UnrenewedSession("SOURCE", ends)))
    told = examined(facts=facts, strategy=[{"weight": 10, "bake_seconds": bake}, {"weight": 100, "bake_seconds": 0}])
    for sentences, sentence in ((told.found, found), (told.warned, warned)):
        about = [each for each in sentences if "credentials" in each]
        assert [each[: len(sentence)] for each in about] == ([sentence] if sentence else [])


@pytest.mark.parametrize(("bake", "short"), [("7m", True), ("6m", False)])
def test_credentials_for_a_roll_last_for_all_its_bakes(bake: str, short: bool) -> None:
    session = Fact[UnrenewedSession | None](UnrenewedSession("SOURCE", TUESDAY + timedelta(minutes=20)))
    rolled = {"checkpoints": "20, 50", "bake_seconds": bake, "hold_seconds": "1h"}
    told = examined(facts=Facts(session=session), stages=["roll"], **rolled)
    said = (
        "The credentials expire in 20 min (SOURCE), and the roll bakes for 21 min together: it could not be rolled back"
    )
    assert [each[: len(said)] for each in told.found if "credentials" in each] == ([said] if short else [])


def test_without_a_finding_it_says_so() -> None:
    found = examined()
    assert (found.said, found.found, found.unchecked) == ("Nothing was found that prevents a release.", [], [])


@pytest.mark.parametrize("name", ["image", "group", "launched", "namesakes", "alarms", "weights"])
def test_what_a_release_needs_for_certain_prevents_it_when_it_cannot_be_read(name: str) -> None:
    found = examined(facts=Facts(**{name: UNREAD}))
    assert (found.found, found.unchecked) == (["AWS refused it."], [])


@pytest.mark.parametrize("name", ["changes", "refresh", "leaving", "group_limits", "strays", "stable_owners"])
def test_what_proves_nothing_when_it_cannot_be_read_is_a_warning(name: str) -> None:
    found = examined(facts=Facts(**{name: UNREAD}))
    assert (found.found, found.unchecked) == ([], ["Not checked. AWS refused it."])
    assert found.unchecked[0] in found.warned


def test_what_the_group_names_and_is_not_there_prevents_it() -> None:
    missing = Fact[Any](NotThereError("There is no subnet-1."))
    found = examined(facts=Facts(group=Fact(GROUP), subnets=missing))
    assert (found.found, found.unchecked) == (["There is no subnet-1."], [])


def test_a_live_image_that_is_gone_is_a_warning() -> None:
    found = examined(facts=Facts(group=Fact(GROUP), live_image=Fact(None)))
    assert (found.found, found.unchecked) == ([], [])
    assert any("was deregistered" in each for each in found.warned)


def test_one_reason_why_several_things_cannot_be_read_is_told_once() -> None:
    found = examined(facts=Facts(image=Fact({}), group=Fact(GROUP), types=UNREAD, quota=UNREAD))
    assert found.unchecked == ["Not checked. AWS refused it."]


def test_room_is_held_against_what_is_free() -> None:
    facts = Facts(
        group=Fact(GROUP),
        types=Fact([SMALL]),
        quota=Fact(Quota("Running On-Demand Standard instances", 7, 5.0)),
        subnets=Fact([{"SubnetId": "subnet-1", "AvailableIpAddressCount": 2}]),
        group_limits=Fact({"MaxNumberOfAutoScalingGroups": 10, "NumberOfAutoScalingGroups": 10}),
    )
    limit, addresses, vcpus = examined(facts=facts, headroom_percent=50).found
    assert "needs one more" in limit
    assert "needs 3 addresses; its subnets have 2 free" in addresses
    assert "needs 6 vCPUs, 5 are in use" in vcpus


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


def test_a_store_that_cannot_be_used_prevents_it_unless_it_is_passed() -> None:
    facts, said = Facts(store=UNREAD), "s3://example-releases"
    (refused,) = examined(facts=facts, store=said).found
    assert refused == "AWS refused it. To release without it, set bluegreen_override with a reason and store in allow."
    assert examined(facts=facts, store=said, override="hotfix").found == [refused]
    passed = examined(facts=facts, store=said, override={"reason": "users cannot pay", "allow": ["store"]})
    assert passed.found == []
    assert "AWS refused it. The release continues without it: users cannot pay" in passed.warned


@pytest.mark.parametrize(("override", "closed"), [(None, True), ("hotfix", False)])
@pytest.mark.parametrize("stages", [WHOLE, ["provision"], ["swap"], ["roll"]])
def test_a_closed_gate_prevents_it_unless_it_is_passed(stages: list[str], override: str | None, closed: bool) -> None:
    stands, image = (service(OLD, NEW), {"image_id": ""}) if stages == ["swap"] else (service(OLD), {})
    found = examined(stands, stages=stages, windows=[{"days": ["mon"]}], override=override, **image)
    assert any("may be released in its windows only" in each for each in found.found) is closed
    assert ("Overridden: hotfix" in found.said) is not closed


@pytest.mark.parametrize("stages", [["verify"], ["teardown"]])
def test_gates_do_not_matter_to_what_neither_builds_nor_shifts(stages: list[str]) -> None:
    assert examined(service(OLD, NEW), stages=stages, windows=[{"days": ["mon"]}], image_id="").found == []


def test_a_roll_is_of_a_service_with_one_environment() -> None:
    assert examined(stages=["roll"]).found == []
    assert "has a second environment, web-green-v001, in green" in examined(service(OLD, NEW), stages=["roll"]).found[0]
    assert "has no Auto Scaling group for blue" in examined(service(None), stages=["roll"]).found[0]


def test_a_roll_keeps_the_user_data_of_the_group_so_it_is_not_for_other_user_data() -> None:
    same = with_data(OLD, fingerprint(encoded("#!/bin/sh")))
    assert examined(same, stages=["roll"], image_id=NEW, user_data="#!/bin/sh").found == []
    assert examined(same, stages=["roll"], image_id=NEW).found == [], "none was asked for"
    (found,) = examined(same, stages=["roll"], image_id=NEW, user_data="#!/bin/bash").found
    assert found.startswith("web-blue-v001 has other user data than bluegreen_user_data")
    assert found not in examined(same, image_id=NEW, user_data="#!/bin/bash").found, "a deploy brings it"


def test_a_roll_that_has_begun_or_is_done_is_not_refused_for_other_user_data() -> None:
    """As of a template with a date in it, which a nightly run has anew each time."""
    said = "web-blue-v001 has other user data than bluegreen_user_data"
    begun = standing({}, {"Key": "bluegreen:rolled", "Value": NEW})
    for stands, image in ((begun, NEW), (with_data(OLD, "other"), OLD)):
        told = examined(stands, stages=["roll"], image_id=image, user_data="#!/bin/bash")
        assert (told.found, said in str(told.warned)) == ([], True)


def test_a_service_that_cannot_be_read_leaves_the_rest_to_be_looked_at() -> None:
    definition = define()
    case = Case(definition, find_intent(definition, None, WHOLE), Facts(image=UNREAD), WHOLE, TUESDAY)
    found = examine(case, ["There is no target group web-blue."])
    assert found.found == ["There is no target group web-blue.", "AWS refused it."]
    assert found.unchecked == ["Not checked. What web would be built from and its room: it cannot be read."]


def test_a_stable_environment_that_is_down_is_named() -> None:
    """Its one instance has no healthy target."""
    assert any("blue, the stable environment of web, is down" in each for each in examined().warned)


def test_a_deadline_that_cannot_be_read_is_a_warning() -> None:
    stands = service(OLD, NEW)
    green = stands.environments["green"]
    assert green.group
    written = {"Tags": [{"Key": "bluegreen:retain-until", "Value": "24.12.2026"}]}
    kept = replace(green, group=replace(green.group, retain_until=NO_END, described=written))
    told = examined(replace(stands, environments={**stands.environments, "green": kept}))
    assert any("is not a moment with its offset from UTC: 24.12.2026." in each for each in told.warned)


def test_too_few_forks_are_a_warning() -> None:
    definition = define(alarms="web-5xx")
    case = Case(definition, find_intent(definition, service(OLD), WHOLE), Facts(), WHOLE, TUESDAY, services=9, forks=5)
    assert any("--forks 9" in each for each in examine(case, []).warned)
    assert not any("--forks" in each for each in examine(replace(case, forks=9), []).warned)


def by_rule(stands: Service, stages: list[str] | None = None, **said: Any) -> list[str]:
    """What prevents a release of the new image, where a rule has found it."""
    parts = stages or WHOLE
    definition = define(parts[0] if len(parts) == 1 else "deploy", alarms="web-5xx", image_id=NEW, **said)
    ruled = replace(definition, candidate=replace(definition.candidate, rule=ImageRule(name="web-*")))
    intent = find_intent(ruled, stands, parts)
    return list(examine(Case(ruled, intent, Facts(), parts, TUESDAY), []).found)


def standing(override: dict[str, Any], *tags: dict[str, str]) -> Service:
    """Live from a mixed instances policy, with a desired capacity of 2."""
    found, template = service(OLD), {"LaunchTemplateSpecification": {}, "Overrides": [override]}
    blue = found.environments["blue"]
    described = {**GROUP, "MixedInstancesPolicy": {"LaunchTemplate": template}, "Tags": list(tags)}
    assert blue.group
    live = replace(blue, group=replace(blue.group, described=described))
    return replace(found, environments={**found.environments, "blue": live})


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ({"InstanceRequirements": {}}, "chooses instance types by attributes"),
        ({"InstanceType": "m5.large", "WeightedCapacity": "2"}, "Set its desired capacity above 2"),
        ({"InstanceType": "m5.large", "WeightedCapacity": "1"}, None),
        ({"InstanceType": "m5.large"}, None),
    ],
)
def test_a_roll_that_aws_refuses_or_does_not_bound_is_refused(override: dict[str, Any], said: str | None) -> None:
    stands = standing(override)
    found = examined(stands, stages=["roll"], image_id=NEW).found
    assert [said in each for each in found] == [True] if said else found == []
    assert examined(stands, image_id=NEW).found == examined(stands, stages=["roll"], image_id=OLD).found == []
    begun = standing(override, {"Key": "bluegreen:rolled", "Value": NEW})
    assert examined(begun, stages=["roll"], image_id=NEW).found == []


@pytest.mark.parametrize("stages", [WHOLE, ["provision"], ["roll"]])
def test_a_rule_does_not_release_again_what_users_were_taken_back_from(stages: list[str]) -> None:
    """Though nothing is left of the candidate."""
    to, before = Version(NEW, "1.1.0"), Version(OLD, "1.0.0")
    back = Outcome("run-1", "deploy", "AWX", 0, 60, "rolled_back", before, to, 5, "Alarm web-5xx rang.")
    stands = replace(service(OLD), outcomes=[back])
    (found,) = by_rule(stands, stages)
    assert "Deploy of 1.1.0 (" in found
    assert "was rolled back at 1970-01-01 00:01:00 UTC. Alarm web-5xx rang." in found
    assert by_rule(stands, stages, override={"reason": "a false alarm", "allow": ["rejected"]}) == []
    assert by_rule(replace(stands, outcomes=[replace(back, doing="watch")]), stages) == []
    assert by_rule(replace(service(NEW), outcomes=[back]), stages) == [], "it runs by now"
    assert examined(stands, stages=stages, image_id=NEW).found == [], "a person has named it"


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
