# SPDX-License-Identifier: GPL-3.0-or-later
"""adopt.yml: a service that was made outside of this collection becomes one of its own, while it serves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from tests.integration.policies import limited
from tests.sample import SERVICE, Sample

from .plain_service import GROUP, TARGET_GROUP, TWIN, PlainService, listed
from .retaining import RETAINED, await_due

HEADER_ROUTE = {"header": {"name": "X-Candidate", "value": "yes"}, "priority": 1}
WRITES = [
    "CreateTargetGroup",
    "ModifyTargetGroupAttributes",
    "ModifyListener",
    "CreateRule",
    "AddTags",
    "CreateOrUpdateTags",
]


@pytest.fixture
def plain() -> Iterator[PlainService]:
    with LabProcess(seed=False, speed=20, latency_ms=20, propagation_ms=5000) as lab:
        yield PlainService(lab)


@pytest.mark.thorough
def test_a_service_is_adopted_and_released_without_a_failed_request(plain: PlainService, good: dict[str, Any]) -> None:
    sample = Sample(plain.lab)
    with BackgroundLoad(sample.url, rate=50) as load:
        adopted = sample.open("adopt", bluegreen_adopt_test_route=HEADER_ROUTE)
        assert adopted.returncode == 0, adopted.messages
        definition = adopted.outcomes[SERVICE]["definition"]
        ready(sample, bluegreen_adopt_test_route=HEADER_ROUTE)
        plain.define(
            bluegreen_test_route=definition["bluegreen_test_route"],
            bluegreen_release_from={"header": "X-Release"},
            bluegreen_checks=[{"path": "/health"}],
            bluegreen_quiet_seconds=2,  # the lab's metrics come without delay
        )
        for door, variables in [
            ("deploy", good),
            ("rollback", {}),
            ("deploy", good | {"bluegreen_retain_seconds": RETAINED}),
        ]:
            played = sample.open(door, **variables)
            assert played.returncode == 0, (door, played.messages)
        await_due(sample.status())
        removed = sample.open("teardown")
        assert removed.returncode == 0, removed.messages
        since = ready(sample, bluegreen_adopt_group=GROUP)  # which is gone by now
    assert plain.lab.calls(since, kind="write") == []
    assert load.result.failed == 0, load.result.failures[:5]
    assert sample.answering() == {"1.1.0"}
    groups = plain.lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert [group["TargetGroupARNs"] for group in groups] == [[plain.target_group_named(TWIN)["TargetGroupArn"]]]


@pytest.mark.thorough
def test_check_mode_says_what_would_be_done_and_does_nothing(plain: PlainService) -> None:
    since = time.time()
    reported = Sample(plain.lab).open("adopt", "--check", "--diff", bluegreen_adopt_test_route={"port": 8001})
    assert reported.returncode == 0, reported.messages
    assert plain.lab.calls(since, kind="write") == []
    (todo,) = [result["msg"] for result in reported.results if result["task"].endswith("Show what is left to do")]
    assert todo == [
        f"Make target group {TWIN}, the copy of {TARGET_GROUP}.",
        f"Add {TWIN} to {plain.listener}, without traffic.",
        f"Tag as {SERVICE}'s: {TARGET_GROUP}, {GROUP}.",
        f"Declare blue ({TARGET_GROUP}) stable.",
        "Make the test route.",
    ]


def test_what_stands_against_it_is_told_at_once_and_nothing_is_touched(plain: PlainService) -> None:
    plain.elbv2.create_target_group(
        Name=TWIN, Protocol="HTTP", Port=9999, VpcId=plain.target_group_named(TARGET_GROUP)["VpcId"]
    )
    since = time.time()
    refused = Sample(plain.lab).open(
        "adopt", bluegreen_adopt_group="elsewhere", bluegreen_adopt_test_route={"port": 8000}
    )
    assert refused.returncode != 0
    for said in ("it has Port 9999, not 8080", "elsewhere does not run demo", "Port 8000 is production's"):
        assert said in refused.messages
    assert plain.lab.calls(since, kind="write") == []


def test_sticky_targets_become_a_sticky_route(plain: PlainService) -> None:
    """AWS refuses two target groups with sticky targets in a route that is not sticky, and so in a test route."""
    sticky = listed({"stickiness.enabled": "true", "stickiness.lb_cookie.duration_seconds": "600"})
    plain.elbv2.modify_target_group_attributes(TargetGroupArn=plain.target_group, Attributes=sticky)
    sample = Sample(plain.lab, env=limited(plain.lab, "adopt"))
    variables = {"bluegreen_adopt_test_route": {"port": 8001}}
    refused = sample.open("adopt", **variables)
    assert "The targets of shop-tg are sticky" in refused.messages
    assert refused.outcomes[SERVICE]["end_state"] == "refused"
    adopted = sample.open("adopt", **variables, bluegreen_adopt_stickiness_seconds=600)
    assert adopted.returncode == 0, adopted.messages
    assert adopted.outcomes[SERVICE]["end_state"] == "succeeded"
    ready(sample, **variables)
    listeners = plain.elbv2.describe_listeners(LoadBalancerArn=plain.balancer)["Listeners"]
    forwards = [listener["DefaultActions"][0]["ForwardConfig"] for listener in listeners]
    assert [forward["TargetGroupStickinessConfig"]["DurationSeconds"] for forward in forwards] == [600, 600]


@pytest.mark.thorough
def test_a_run_that_ends_between_any_two_writes_is_finished_by_the_next(plain: PlainService) -> None:
    sample, variables = Sample(plain.lab), {"bluegreen_adopt_test_route": HEADER_ROUTE}
    since = time.time()
    for write in WRITES:
        plain.lab.fault(operation=write, times=1, error="AccessDenied")
        stopped = sample.open("adopt", **variables)
        assert stopped.returncode != 0
        assert f"({write}: AccessDenied)" in stopped.messages
        assert stopped.outcomes[SERVICE]["end_state"] == "halted"
    assert sample.open("adopt", **variables).returncode == 0
    ready(sample, **variables)
    made = [call["operation"] for call in plain.lab.calls(since, kind="write") if call["status"] == 200]
    assert sorted(made) == sorted([*WRITES, "AddTags", "AddTags"]), "each was done once"


def ready(sample: Sample, **variables: Any) -> float:
    """Adopt what is adopted already; the time before that."""
    since = time.time()
    again = sample.open("adopt", **variables)
    assert (again.returncode, again.changed) == (0, 0), again.messages
    return since
