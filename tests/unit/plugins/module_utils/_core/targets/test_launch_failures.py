# SPDX-License-Identifier: GPL-3.0-or-later
"""When a wait for a group cannot succeed, and what is no reason to give up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.activities import Activity
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.launch_failures import (
    HURRIED,
    PATIENT,
    LaunchFailures,
    Patience,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.members import Members
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.registration import Target

BEGAN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CAUSE = "an instance was taken out of service in response to an ELB system health check failure."


def members(count: int, desired: int | None = None, **more: Any) -> Members:
    instances = [
        {"InstanceId": f"i-{each}", "LifecycleState": "InService", "HealthStatus": "Healthy"} for each in range(count)
    ]
    group = {
        "AutoScalingGroupName": "web-green-v002",
        "DesiredCapacity": count if desired is None else desired,
        "Instances": instances,
        "CreatedTime": BEGAN,
        "HealthCheckType": "EC2",
    }
    return Members.read(group | more)


def target(number: int, state: str = "unhealthy") -> Target:
    reason = ("Target.ResponseCodeMismatch", "Health checks failed with these codes: [500]")
    return Target(f"i-{number}", 8080, None, state, *(reason if state == "unhealthy" else (None, None)))


def replaced(number: int) -> Activity:
    return Activity(str(number), f"Terminating EC2 instance: i-{number}", CAUSE, "InProgress", None, BEGAN)


def sentence(
    group: Members, targets: Iterable[Target] = (), activities: Iterable[Activity] = (), *, lasting: float = 0.0
) -> str | None:
    """The verdict after the same was seen twice, this many seconds apart."""
    seen, done, found = list(targets), list(activities), LaunchFailures()
    for now in (100.0, 100.0 + lasting):
        found = found.seen(now, group, {"web-green": seen}, done)
    verdict = found.verdict(100.0 + lasting, group)
    return verdict.sentence if verdict else None


def test_a_launch_that_failed_is_told_in_the_words_of_aws() -> None:
    failed = Activity(
        "1", "Launching a new EC2 instance", "", "Failed", "The image id '[ami-1]' does not exist.", BEGAN
    )
    assert sentence(members(0, desired=3), activities=[failed]) == (
        "AWS could not launch an instance: The image id '[ami-1]' does not exist. "
        "Correct what the group launches from, then run again."
    )


CAPACITY = "We currently do not have sufficient t3.small capacity in the Availability Zone you requested (a)."


def out_of_capacity(*seconds: float) -> list[Activity]:
    """Launches that failed so long after the beginning, the newest first."""
    return [
        Activity(
            str(at),
            "Launching a new EC2 instance",
            "",
            "Failed",
            CAPACITY,
            BEGAN + timedelta(seconds=at),
            zone="eu-west-1a",
        )
        for at in sorted(seconds, reverse=True)
    ]


@pytest.mark.parametrize(
    ("failed_at", "patience", "in_vain"),
    [
        ([0], PATIENT, False),
        ([0, 300], PATIENT, False),
        ([0, 1, 2, 3, 4], PATIENT, False),
        ([0, 90, 180], PATIENT, True),
        ([0], HURRIED, False),
        ([0, 30], HURRIED, True),
    ],
    ids=str,
)
def test_a_lack_of_capacity_may_pass(failed_at: list[float], patience: Patience, in_vain: bool) -> None:
    """AWS tries another zone."""
    group, failures = members(0, desired=3), out_of_capacity(*failed_at)
    found = LaunchFailures(patience).seen(100.0, group, {"web-green": []}, failures)
    verdict = found.verdict(100.0, group)
    assert (verdict is not None) == in_vain
    if verdict:
        tried = f"{len(failed_at)} attempts in {max(failed_at)} s"
        why = f"{CAPACITY.rstrip('.')} (activity {max(failed_at)}). Try again later"
        assert verdict.sentence.startswith(f"AWS could not launch an instance in {tried} in eu-west-1a: {why}")
        assert verdict.activities == failures
    assert found.remark() == f"AWS could not launch an instance yet: {CAPACITY[:-1]}"


def test_a_group_that_is_to_stay_balanced_tries_no_other_zone() -> None:
    group = members(2, desired=3, AvailabilityZoneDistribution={"CapacityDistributionStrategy": "balanced-only"})
    said = sentence(group, activities=out_of_capacity(0, 90, 180))
    assert said is not None
    assert "web-green-v002 is balanced-only, so that AWS tries no other zone. Try again later, or let the group" in said


def test_instances_that_do_not_stay_are_told_with_the_last_health_of_their_target() -> None:
    """Once it is deregistered, no answer tells it any more."""
    group = members(3)
    found = LaunchFailures().seen(1.0, group, {"web-green": [target(0), target(1)]}, [])
    found = found.seen(2.0, group, {"web-green": []}, [replaced(0), replaced(1)])
    verdict = found.verdict(2.0, group)
    assert verdict is not None
    assert verdict.sentence == (
        f"2 of its instances did not stay in service. The last of them, i-0: {CAUSE} Last seen: i-0:8080 unhealthy "
        "(Target.ResponseCodeMismatch: Health checks failed with these codes: [500]) in web-green. "
        "Correct the image, or the health check, then run again."
    )
    assert verdict.activities == [replaced(0), replaced(1)]


@pytest.mark.parametrize(("size", "tolerated"), [(1, 0), (2, 1), (3, 1), (19, 1), (20, 2), (500, 50)], ids=str)
def test_a_tenth_of_the_group_may_fail_and_at_least_one_but_never_all(size: int, tolerated: int) -> None:
    group = members(size)
    assert sentence(group, activities=map(replaced, range(tolerated))) is None
    assert sentence(group, activities=map(replaced, range(tolerated + 1))) is not None


def test_the_same_replacement_seen_twice_is_one() -> None:
    assert sentence(members(3), activities=[replaced(1)], lasting=60) is None


@pytest.mark.parametrize(
    ("grace", "lasting", "in_vain"), [(60, 59, False), (60, 60, True), (0, 299, False), (0, 300, True)]
)
def test_targets_that_nobody_replaces_may_be_unhealthy_for_the_grace_period(
    grace: int, lasting: float, in_vain: bool
) -> None:
    """Without one, for that which the console gives: an API default says nothing of how long it takes."""
    group = members(2, HealthCheckGracePeriod=grace)
    assert (sentence(group, [target(0), target(1, "healthy")], lasting=lasting) is not None) == in_vain


def test_health_checks_that_never_pass_are_told_with_reason_and_description() -> None:
    assert sentence(members(2, HealthCheckGracePeriod=60), [target(0)], lasting=60) == (
        "After 60 seconds in service, health checks still fail: i-0:8080 unhealthy (Target.ResponseCodeMismatch: "
        "Health checks failed with these codes: [500]) in web-green. "
        "Correct the image, or the health check, then run again."
    )


def test_a_network_load_balancer_drains_what_fails_its_health_checks() -> None:
    group = members(1, HealthCheckGracePeriod=60)
    assert "i-0:8080 unhealthy.draining" in str(sentence(group, [target(0, "unhealthy.draining")], lasting=60))


@pytest.mark.parametrize("state", ["initial", "draining", "unused", "unavailable", "healthy"])
def test_what_passes_is_no_evidence(state: str) -> None:
    assert sentence(members(1), [target(0, state)], lasting=10_000) is None


def test_targets_of_other_groups_are_none_of_it() -> None:
    assert sentence(members(1), [target(7)], lasting=10_000) is None


def test_a_target_that_recovers_begins_anew() -> None:
    group = members(1)
    found = LaunchFailures().seen(0.0, group, {"web": [target(0)]}, [])
    found = found.seen(200.0, group, {"web": [target(0, "healthy")]}, [])
    found = found.seen(299.0, group, {"web": [target(0)]}, [])
    assert found.verdict(310.0, group) is None


@pytest.mark.parametrize(
    ("failing", "suspended", "in_vain"), [(1, [], False), (2, [], True), (1, ["ReplaceUnhealthy"], True)]
)
def test_a_group_that_replaces_what_fails_is_left_to_do_so_unless_it_does_not(
    failing: int, suspended: list[str], in_vain: bool
) -> None:
    """It never does when no instance was healthy yet in a target group that was attached later."""
    processes = [{"ProcessName": name} for name in suspended]
    group = members(3, HealthCheckType="EC2,ELB", SuspendedProcesses=processes)
    assert (sentence(group, map(target, range(failing)), lasting=10_000) is not None) == in_vain
