# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets change state when an Application Load Balancer would change them, and say why in its words."""

import pytest

from switchyard_lab.dataplane.config import HealthCheckConfig
from switchyard_lab.dataplane.health import FAILED, PASSED, TIMED_OUT, CheckResult, Health, judge

CHECK = HealthCheckConfig("HTTP", "traffic-port", "/health", 5, 2, healthy=3, unhealthy=2, matcher="200")


def after(*results: CheckResult) -> Health:
    health = Health().being_checked()
    for result in results:
        health = health.after(result, CHECK)
    return health


def test_a_new_target_is_healthy_after_one_pass() -> None:
    assert Health().reason == "Elb.RegistrationInProgress"
    assert after().reason == "Elb.InitialHealthChecking"
    assert after(PASSED).state == "healthy"
    assert (after(PASSED).reason, after(PASSED).description) == ("", "")


def test_a_new_target_stays_initial_up_to_the_unhealthy_threshold() -> None:
    assert after(FAILED).state == "initial"
    assert after(FAILED).reason == "Elb.InitialHealthChecking"
    assert after(FAILED, PASSED).state == "healthy"
    assert after(FAILED, FAILED).state == "unhealthy"


def test_a_failed_target_needs_the_healthy_threshold() -> None:
    down = (PASSED, FAILED, FAILED)
    assert after(*down).state == "unhealthy"
    assert after(*down, PASSED, PASSED).state == "unhealthy"
    assert after(*down, PASSED, PASSED, FAILED, PASSED).state == "unhealthy"
    assert after(*down, PASSED, PASSED, PASSED).state == "healthy"


def test_failures_must_be_in_a_row() -> None:
    assert after(PASSED, FAILED, PASSED, FAILED).state == "healthy"


def test_an_unhealthy_target_gives_the_reason_of_its_latest_failure() -> None:
    mismatch = judge(500, "200-299")
    assert after(FAILED, mismatch).reason == "Target.ResponseCodeMismatch"
    assert after(FAILED, mismatch).description == "Health checks failed with these codes: [500]"
    assert after(FAILED, mismatch, TIMED_OUT).reason == "Target.Timeout"
    assert after(FAILED, mismatch, TIMED_OUT).description == "Request timed out"
    assert after(FAILED, FAILED).reason == "Target.FailedHealthChecks"


@pytest.mark.parametrize(
    ("matcher", "status", "passes"),
    [
        ("200", 200, True),
        ("200", 204, False),
        ("200-299", 204, True),
        ("200,302", 302, True),
        ("200,400-404", 403, True),
    ],
)
def test_the_matcher_is_a_list_of_codes_and_ranges(matcher: str, status: int, passes: bool) -> None:
    assert judge(status, matcher).passed is passes
