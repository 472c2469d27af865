# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of the sample services."""

from __future__ import annotations

import pytest

from switchyard_lab.seed.inventory import WITHOUT_LAG, timing


def test_without_lag_nothing_waits_for_metrics() -> None:
    assert timing(20, 0) == WITHOUT_LAG
    assert WITHOUT_LAG["bluegreen_metrics_lag"] == 0


@pytest.mark.parametrize(("speed", "lag", "bake"), [(1, 92, 242), (20, 6, 14)])
def test_with_lag_a_release_waits_for_metrics_and_bakes_until_an_alarm_can_ring(
    speed: float, lag: int, bake: int
) -> None:
    found = timing(speed, 90)
    assert (found["bluegreen_metrics_lag"], found["bluegreen_final_bake_seconds"]) == (lag, bake)
