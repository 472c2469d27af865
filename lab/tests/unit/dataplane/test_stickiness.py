# SPDX-License-Identifier: GPL-3.0-or-later
"""Cookies hold a client to its target group and its target, for their time."""

from dataclasses import replace

from switchyard_lab.dataplane.actions import Forward
from switchyard_lab.dataplane.config import GroupConfig, HealthCheckConfig, TargetConfig
from switchyard_lab.dataplane.stickiness import APPLICATION_COOKIE, GROUP_COOKIE, TARGET_COOKIE, Stickiness

NOW = 1_000.0
HEALTH = HealthCheckConfig("HTTP", "traffic-port", "/", 5, 2, 2, 2, "200")
TARGET = TargetConfig("i-1", "127.0.0.1", 80)
BLUE = GroupConfig("blue", "HTTP1", False, True, frozenset(), (TARGET,), 30, 60, "round_robin", HEALTH, True, False)
STICKY = Forward((("blue", 100), ("green", 0)), stickiness_seconds=60)


def cookies(forward: Forward = STICKY, now: float = NOW, speed: float = 1) -> dict[str, str]:
    renewed = Stickiness({}, now, speed).renewed(forward, BLUE, TARGET)
    return {name: cookie.encode() for name, cookie in renewed}


def test_a_client_comes_back_to_its_group_and_target() -> None:
    stickiness = Stickiness(cookies(), NOW + 59, 1)
    assert stickiness.group(STICKY) == "blue"
    assert stickiness.target(BLUE) == TARGET


def test_a_client_sticks_to_a_group_of_weight_zero_but_not_to_one_out_of_the_action() -> None:
    stickiness = Stickiness(cookies(), NOW, 1)
    assert stickiness.group(Forward((("blue", 0), ("green", 100)), 60)) == "blue"
    assert stickiness.group(Forward((("green", 100),), 60)) is None


def test_cookies_end_on_the_lab_clock() -> None:
    assert Stickiness(cookies(), NOW + 61, 1).group(STICKY) is None
    assert Stickiness(cookies(speed=10), NOW + 7, 10).group(STICKY) is None


def test_the_target_cookie_is_renewed_and_the_group_cookie_keeps_its_end() -> None:
    renewed = dict(Stickiness(cookies(), NOW + 30, 1).renewed(STICKY, BLUE, TARGET))
    assert renewed.keys() == {TARGET_COOKIE}
    assert renewed[TARGET_COOKIE].until == NOW + 90


def test_without_stickiness_cookies_are_neither_read_nor_set() -> None:
    plain = Forward((("blue", 100),))
    assert Stickiness(cookies(), NOW, 1).group(plain) is None
    assert cookies(plain).keys() == {TARGET_COOKIE}


def test_an_application_cookie_is_needed_beside_that_of_the_load_balancer() -> None:
    group = replace(BLUE, stickiness_cookie="SESSION")
    given = {name: cookie.encode() for name, cookie in Stickiness({}, NOW, 1).renewed(STICKY, group, TARGET)}
    assert given.keys() == {GROUP_COOKIE, APPLICATION_COOKIE}
    assert Stickiness(given, NOW, 1).target(group) is None
    assert Stickiness({**given, "SESSION": "x"}, NOW, 1).target(group) == TARGET


def test_foreign_cookies_are_ignored() -> None:
    for text in ("", "x", "bm90IGpzb24", "e30"):
        assert Stickiness({GROUP_COOKIE: text}, NOW, 1).group(STICKY) is None
