# SPDX-License-Identifier: GPL-3.0-or-later
"""What prevents a release, by what was read; no AWS is needed to decide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.sessions import UnrenewedSession
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.image_rule import ImageRule
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.case import Case
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.facts import (
    Fact,
    Facts,
    NotThereError,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.intent import find_intent
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.parts import WHOLE, Part, ReleaseParts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.preflight import examine
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.quotas import Quota
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.retention import NO_END

from ..definition.reading import define
from ..service.services import with_group
from .examining import GROUP, TUESDAY, examined
from .running import NEW, OLD, service

SMALL = {"InstanceType": "t3.small", "VCpuInfo": {"DefaultVCpus": 2}}
UNREAD = Fact[Any](BluegreenError("AWS refused it."))


@pytest.mark.parametrize(
    ("minutes", "bake", "found", "warned"),
    [
        (20, "30m", "The credentials expire in 20 min (SOURCE), and the release bakes for 30 min together", ""),
        (40, "30m", "", ""),
        (None, "30m", "", "The credentials are temporary (SOURCE), and nothing renews them. It is not known when"),
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


@pytest.mark.parametrize(("instances", "hold", "short"), [(6, "7m", True), (6, "6m", False), (2, "7m", False)])
def test_credentials_for_a_roll_last_for_all_its_holds(instances: int, hold: str, short: bool) -> None:
    """At most one for each instance that is replaced."""
    session = Fact[UnrenewedSession | None](UnrenewedSession("SOURCE", TUESDAY + timedelta(minutes=20)))
    rolled = {"checkpoints": "20, 50", "bake_seconds": "1m", "hold_seconds": hold}
    told = examined(of_size(instances), facts=Facts(session=session), stages=["roll"], **rolled)
    said = "The credentials expire in 20 min (SOURCE), and AWS holds the roll for 21 min together: it could not be"
    assert [each[: len(said)] for each in told.found if "credentials" in each] == ([said] if short else [])


def of_size(instances: int) -> Service:
    return with_group(service(OLD), "blue", instances=[f"i-{each}" for each in range(instances)])


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
def test_a_closed_gate_prevents_it_unless_it_is_passed(
    stages: Sequence[Part], override: str | None, closed: bool
) -> None:
    stands, image = (service(OLD, NEW), {"image_id": ""}) if stages == ["swap"] else (service(OLD), {})
    found = examined(stands, stages=stages, windows=[{"days": ["mon"]}], override=override, **image)
    assert any("may be released in its windows only" in each for each in found.found) is closed
    assert ("Overridden: hotfix" in found.said) is not closed


@pytest.mark.parametrize("stages", [["verify"], ["teardown"]])
def test_gates_do_not_matter_to_what_neither_builds_nor_shifts(stages: Sequence[Part]) -> None:
    assert examined(service(OLD, NEW), stages=stages, windows=[{"days": ["mon"]}], image_id="").found == []


def test_a_service_that_cannot_be_read_leaves_the_rest_to_be_looked_at() -> None:
    definition = define()
    case = Case(definition, find_intent(definition, None, ReleaseParts(WHOLE)), Facts(image=UNREAD), TUESDAY)
    found = examine(case, ["There is no target group web-blue."])
    assert found.found == ["There is no target group web-blue.", "AWS refused it."]
    assert found.unchecked == ["Not checked. What web would be built from and its room: it cannot be read."]


@pytest.mark.parametrize(
    ("stages", "refused"), [(["provision"], True), (["verify"], True), (["swap"], False), (WHOLE, False)]
)
def test_a_split_is_left_to_runs_that_continue_with_it(stages: Sequence[Part], refused: bool) -> None:
    """So that AWS or a watch still returns the traffic that a dead run has split."""
    said = "green has 10 % of the traffic of web, and this run would not continue with the shift. Run swap.yml"
    found = examined(service(OLD, NEW, 10), stages=stages, image_id=NEW).found
    assert [each[: len(said)] for each in found] == ([said] if refused else [])
    assert examined(service(OLD, NEW), stages=stages, image_id=NEW).found == []


def test_a_stable_environment_that_is_down_is_named() -> None:
    """Its one instance has no healthy target."""
    (said,) = [each for each in examined().warned if "blue, the stable environment of web, is down" in each]
    assert "AWS does not return the traffic" not in said


def test_nor_does_aws_return_the_traffic_to_it() -> None:
    role = "arn:aws:iam::123456789012:role/bluegreen-return"
    assert any("AWS does not return the traffic to it" in each for each in examined(return_role=role).warned)


def test_a_deadline_that_cannot_be_read_is_a_warning() -> None:
    written = {"Tags": [{"Key": "bluegreen:retain-until", "Value": "24.12.2026"}]}
    told = examined(with_group(service(OLD, NEW), "green", retain_until=NO_END, described=written))
    assert any("is not a moment with its offset from UTC: 24.12.2026." in each for each in told.warned)


def test_too_few_forks_are_a_warning() -> None:
    definition = define(alarms="web-5xx")
    intent = find_intent(definition, service(OLD), ReleaseParts(WHOLE))
    case = Case(definition, intent, Facts(), TUESDAY, services=9, forks=5)
    assert any("--forks 9" in each for each in examine(case, []).warned)
    assert not any("--forks" in each for each in examine(replace(case, forks=9), []).warned)


@pytest.mark.parametrize(
    ("services", "strategy", "stages", "warns"),
    [
        (2, "linear", WHOLE, True),
        (2, "ansible.builtin.linear", ["swap"], True),
        (2, "linear", ["roll"], True),
        (1, "linear", WHOLE, False),
        (2, "linear", ["provision"], False),
        (2, "ansible.builtin.host_pinned", WHOLE, False),
        (2, "free", WHOLE, False),
        (2, None, WHOLE, False),
    ],
)
def test_services_that_wait_for_each_other_are_a_warning(
    services: int, strategy: str | None, stages: Sequence[Part], warns: bool
) -> None:
    definition = define("deploy")
    intent = find_intent(definition, service(OLD), ReleaseParts(stages))
    case = Case(definition, intent, Facts(), TUESDAY, services=services, strategy=strategy)
    found = [each for each in examine(case, []).warned if "Nothing watches it meanwhile" in each]
    assert len(found) == warns


def by_rule(stands: Service, stages: Sequence[Part] = WHOLE, **said: Any) -> list[str]:
    """What prevents a release of the new image, where a rule has found it."""
    definition = define(stages[0] if len(stages) == 1 else "deploy", alarms="web-5xx", image_id=NEW, **said)
    ruled = replace(definition, candidate=replace(definition.candidate, rule=ImageRule(name="web-*")))
    intent = find_intent(ruled, stands, ReleaseParts(stages))
    return list(examine(Case(ruled, intent, Facts(), TUESDAY), []).found)


@pytest.mark.parametrize("stages", [WHOLE, ["provision"], ["roll"]])
def test_a_rule_does_not_release_again_what_users_were_taken_back_from(stages: Sequence[Part]) -> None:
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
