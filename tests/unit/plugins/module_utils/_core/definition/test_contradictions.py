# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that are fine by themselves, and not together."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.finding import refusals, warnings

from tests.unit.plugins.module_utils._core.definition.described import ELB
from tests.unit.plugins.module_utils._core.definition.reading import read


def test_what_has_no_effect_is_a_warning() -> None:
    _values, findings = read({"bluegreen_checks": ["/"]})
    assert refusals(findings) == []
    assert warnings(findings) == [
        "bluegreen_checks has no effect: bluegreen_test_route is not set, so the candidate is not verified."
    ]


def test_a_roll_may_be_told_to_replace_everything_at_once() -> None:
    given = {"bluegreen_min_healthy_percentage": 0, "bluegreen_max_healthy_percentage": 100}
    _values, findings = read(given, "roll")
    assert refusals(findings) == []
    assert "all instances at the same time" in warnings(findings)[0]


def test_a_range_that_contradicts_itself_is_the_default_on_a_rollback() -> None:
    given = {"bluegreen_min_healthy_percentage": 0, "bluegreen_max_healthy_percentage": 150}
    values, findings = read(given, "rollback")
    assert refusals(findings) == []
    assert (values["min_healthy_percentage"], values["max_healthy_percentage"]) == (100, 110)


def test_a_deploy_does_not_mind_what_contradicts_a_roll() -> None:
    assert read({"bluegreen_bake_seconds": "1h", "bluegreen_scale_in_protected": "ignore"})[1] == []


def test_what_cannot_be_read_contradicts_nothing() -> None:
    _values, findings = read({"bluegreen_hold_seconds": "soon", "bluegreen_bake_seconds": "10m"}, "roll")
    assert [each.variable for each in findings] == ["bluegreen_hold_seconds"]
    assert "is not a duration" in findings[0].sentence


def test_a_service_is_in_one_region() -> None:
    elsewhere = ELB.replace("eu-west-1", "us-east-1")
    groups = {"blue": f"{elsewhere}:targetgroup/blue/1", "green": f"{elsewhere}:targetgroup/green/2"}
    _values, findings = read({"bluegreen_target_groups": groups})
    assert refusals(findings) == [
        "A service is in one region, and this one is in several: bluegreen_routes has ARNs of eu-west-1; "
        "bluegreen_target_groups has ARNs of us-east-1."
    ]


def test_a_region_that_is_not_that_of_the_arns_is_refused_but_for_a_return() -> None:
    given = {"bluegreen_region": "us-east-1"}
    assert "the ARNs of bluegreen_routes are of eu-west-1" in refusals(read(given)[1])[0]
    values, findings = read(given, "rollback")
    assert (values["region"], refusals(findings)) == ("eu-west-1", [])


def test_a_bake_in_which_metrics_can_be_seen_or_are_not_judged_is_no_contradiction() -> None:
    steps = [{"weight": 10, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 120}]
    assert read({"bluegreen_metrics": ["errors"], "bluegreen_strategy": steps})[1] == []
    short = {"bluegreen_strategy": "Canary10Percent1Minute"}
    assert refusals(read(short)[1]) == [], "no metrics are judged"
    assert refusals(read({**short, "bluegreen_metrics": [{"name": "errors", "dry_run": True}]})[1]) == []
    assert refusals(read({**short, "bluegreen_metrics": ["errors"], "bluegreen_metrics_lag": "60"})[1]) == []
