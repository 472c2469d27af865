# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory says of services: nothing that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import (
    Outcome,
    Version,
    tags_with,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.fleet import (
    Region,
    TaggedService,
    check_names,
    host_name,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.references import Reference

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
PRODUCTION, TEST, INTERNAL = (f"{ELB}:listener/app/web/1/{name}" for name in ("production", "test", "internal"))


def target_group(name: str) -> str:
    return f"{ELB}:targetgroup/{name}/{name}"


BLUE, GREEN = target_group("web-blue"), target_group("web-green")


def forwards(arn: str, **shares: int) -> Reference:
    """``forwards(TEST, web_blue=100)``"""
    named = {target_group(name.replace("_", "-")): Fraction(share) for name, share in shares.items()}
    return Reference(arn, f"listener {arn.rpartition('/')[2]}", named)


def tags(color: str = "", stable: str = "blue", service: str = "web") -> dict[str, str]:
    said = {"service": service, "color": color, "stable": stable if color else ""}
    return {f"bluegreen:{key}": value for key, value in said.items() if value}


def group(color: str, **more: str) -> dict[str, Any]:
    carried = {**tags(color), **{f"bluegreen:{key.replace('_', '-')}": value for key, value in more.items()}}
    listed = [{"Key": key, "Value": value} for key, value in carried.items()]
    return {"AutoScalingGroupName": f"web-{color}-v001", "Tags": listed}


def web(
    *references: Reference, groups: tuple[Mapping[str, Any], ...] = (), tagged: tuple[str, ...] = (), **others: str
) -> TaggedService:
    """``others``: further target groups, by name, with their color."""
    every = {"web_blue": "blue", "web_green": "green", **others}
    known = {target_group(name.replace("_", "-")): tags(color) for name, color in every.items()}
    (found,) = Region(known | {arn: tags() for arn in tagged}, references, groups).services()
    return found


BOTH = forwards(PRODUCTION, web_blue=100, web_green=0)
TO_TEST = forwards(TEST, web_blue=0, web_green=100)


def test_the_only_one_that_splits_the_traffic_is_the_route() -> None:
    found = web(BOTH, forwards(INTERNAL, other=100))
    assert found.variables() == {
        "bluegreen_service": "web",
        "bluegreen_target_groups": {"blue": BLUE, "green": GREEN},
        "bluegreen_routes": [PRODUCTION],
    }
    assert found.warnings() == []


def test_of_several_none_is_taken_but_the_one_that_is_tagged() -> None:
    guessed = web(BOTH, TO_TEST)
    assert "bluegreen_routes" not in guessed.variables()
    assert guessed.warnings() == [
        f"Which of these splits the traffic of web is not known: listener production ({PRODUCTION}), listener test "
        f"({TEST}). Tag it with bluegreen:service=web, or set bluegreen_routes in its host_vars."
    ]
    assert guessed.phase is None, "the test route may be production, and it sends everything to green"
    named = web(BOTH, TO_TEST, tagged=(PRODUCTION,))
    assert (named.variables()["bluegreen_routes"], named.phase, named.warnings()) == ([PRODUCTION], "settled", [])


def test_a_test_route_that_says_so_is_none() -> None:
    known = {BLUE: tags("blue"), GREEN: tags("green"), TEST: {"bluegreen:test-route": "true"}}
    (found,) = Region(known, [BOTH, TO_TEST], []).services()
    assert (found.variables()["bluegreen_routes"], found.phase) == ([PRODUCTION], "settled")


def test_what_leads_to_one_environment_only_is_no_route() -> None:
    """As where DNS records split the traffic, before a load balancer for each environment."""
    found = web(forwards(PRODUCTION, web_blue=100), forwards(INTERNAL, web_green=100))
    assert "bluegreen_routes" not in found.variables()
    assert (found.phase, found.warnings()) == (None, [])


@pytest.mark.parametrize(
    ("shares", "groups", "phase"),
    [
        ({"web_blue": 90, "web_green": 10}, (group("green"),), "shifting"),
        ({"web_blue": 100, "web_green": 0}, (group("green"),), "provisioned"),
        ({"web_blue": 100, "web_green": 0}, (group("green", retain_until=NOW.isoformat()),), "settled"),
        ({"web_blue": 100, "web_green": 0}, (), "settled"),
    ],
)
def test_the_phase_is_that_of_status(shares: dict[str, int], groups: tuple[Any, ...], phase: str) -> None:
    found = web(forwards(PRODUCTION, **shares), groups=groups)
    assert found.as_data(None, NOW)["phase"] == phase


def test_a_removal_does_not_hide_how_the_release_ended() -> None:
    rolled_back = Outcome("r-1", "deploy", "kim", 100, 200, "rolled_back", Version("ami-a"), Version("ami-b"))
    removed = replace(rolled_back, run="r-2", doing="teardown", began=300, ended=400, end_state="succeeded")
    known = tags("blue") | tags_with(removed, [rolled_back])
    (found,) = Region({BLUE: known, GREEN: known | tags("green")}, [BOTH], []).services()
    assert found.as_data(None, NOW)["last"]["end_state"] == "rolled_back"


def test_pairs_are_those_of_a_route_or_of_a_name() -> None:
    inner = {"web_internal_blue": "blue", "web_internal_green": "green"}
    by_name = web(BOTH, forwards(INTERNAL, web_internal_blue=100, web_internal_green=0), **inner)
    assert by_name.variables()["bluegreen_target_groups"] == {
        "blue": [BLUE, target_group("web-internal-blue")],
        "green": [GREEN, target_group("web-internal-green")],
    }
    assert by_name.variables()["bluegreen_routes"] == [PRODUCTION, INTERNAL]
    by_route = web(BOTH, forwards(INTERNAL, a=100, b=0), a="blue", b="green")
    assert by_route.pairs == [(target_group("a"), target_group("b")), (BLUE, GREEN)]
    (warning,) = web(BOTH, a="blue", b="green").warnings()
    assert "pair as blue and green is not known (a, b, web-blue, web-green)" in warning


def test_a_service_with_one_environment_only_is_found_and_says_what_lacks() -> None:
    (found,) = Region({BLUE: tags("blue")}, [], []).services()
    assert "bluegreen_target_groups" not in found.variables()
    assert "Set bluegreen_target_groups" in found.warnings()[0]


def test_hosts_are_named_by_as_much_as_tells_them_apart() -> None:
    seen = {"service": "web", "region": "eu-west-1", "account": "123456789012"}
    other = {**seen, "region": "us-east-1"}
    assert host_name(seen, ["service", "region"]) == "web-eu-west-1"
    check_names({"web": [seen], "shop": [other]})
    with pytest.raises(BluegreenError, match=r"host web: eu-west-1 of account 123456789012, us-east-1 of account"):
        check_names({"web": [seen, other]})
