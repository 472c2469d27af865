# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances misbehave by exactly the measure they were given."""

from tests.lab.instances.behavior import FLAP_RUN, Behavior, Conduct


def test_errors_are_an_exact_share_spread_evenly() -> None:
    conduct = Conduct(Behavior(error_percent=30))
    fails = [conduct.request_fails() for _request in range(100)]
    assert sum(fails) == 30
    assert all(2 <= sum(fails[start : start + 10]) <= 4 for start in range(90))


def test_flapping_health_crosses_thresholds_both_ways() -> None:
    conduct = Conduct(Behavior(health="flap"))
    passes = [conduct.health_check_passes() for _check in range(3 * FLAP_RUN)]
    assert passes == [True] * FLAP_RUN + [False] * FLAP_RUN + [True] * FLAP_RUN


def test_changes_leave_the_rest_alone() -> None:
    behavior = Behavior(release="1.0.0").changed({"health": "fail"})
    assert behavior == Behavior(release="1.0.0", health="fail")
    assert not Conduct(behavior).health_check_passes()
