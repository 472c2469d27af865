# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances misbehave by exactly the measure they were given."""

import pytest

from switchyard_lab.instances.behavior import FLAP_RUN, QUEUE_SECONDS, Behavior, Conduct


def test_errors_are_an_exact_share_spread_evenly() -> None:
    conduct = Conduct(Behavior(error_percent=30))
    fails = [conduct.status_of("/", now=0) == 500 for _request in range(100)]
    assert sum(fails) == 30
    assert all(2 <= sum(fails[start : start + 10]) <= 4 for start in range(90))


def test_each_fault_has_a_share_of_its_own() -> None:
    conduct = Conduct(Behavior(error_percent=30, hang_percent=20, reset_percent=10))
    seen = [(conduct.status_of("/", now=0) == 500, conduct.hangs(), conduct.resets()) for _request in range(100)]
    assert [sum(each) for each in zip(*seen, strict=True)] == [30, 20, 10]


def test_noise_comes_by_chance_and_at_each_instance_at_other_times() -> None:
    def fails(instance: str) -> list[bool]:
        conduct = Conduct(Behavior(noise_percent=10), instance)
        return [conduct.status_of("/", now=0) == 500 for _request in range(10_000)]

    one, other = fails("i-1"), fails("i-2")
    assert [sum(one), sum(other)] == pytest.approx([1000, 1000], abs=90)  # three standard deviations
    assert one != other


def test_one_path_can_be_broken() -> None:
    conduct = Conduct(Behavior(error_path="/new"))
    assert [conduct.status_of(path, now=0) for path in ("/", "/new", "/new/cart")] == [200, 500, 500]


def test_what_is_over_the_limit_is_turned_away_until_there_is_room_again() -> None:
    conduct = Conduct(Behavior(requests_per_second=2))
    assert [conduct.status_of("/", 10) for _request in range(2 * QUEUE_SECONDS)] == [200] * 2 * QUEUE_SECONDS
    assert [conduct.status_of("/", now) for now in (10, 10.5, 10.6)] == [503, 200, 503]


def test_flapping_health_crosses_thresholds_both_ways() -> None:
    conduct = Conduct(Behavior(health="flap"))
    passes = [conduct.health_check_passes() for _check in range(3 * FLAP_RUN)]
    assert passes == [True] * FLAP_RUN + [False] * FLAP_RUN + [True] * FLAP_RUN


def test_changes_leave_the_rest_alone() -> None:
    behavior = Behavior(release="1.0.0").changed({"health": "fail"})
    assert behavior == Behavior(release="1.0.0", health="fail")
    assert not Conduct(behavior).health_check_passes()
