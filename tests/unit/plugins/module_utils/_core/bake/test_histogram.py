# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import pairwise

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake import histogram
from scipy import stats


def test_ranges_cover_every_time_once() -> None:
    asked = list(histogram.statistics("seconds"))
    assert asked[:3] == ["TC(:0.001)", "TC(0.001:0.00125)", "TC(0.00125:0.00156)"]
    assert asked[-1] == "TC(70.1:)"
    assert len(asked) == len(histogram.BOUNDS)
    for below, above in pairwise(asked):
        assert below[:-1].partition(":")[2] == above[3:].partition(":")[0]


@pytest.mark.parametrize(("unit", "last"), [("milliseconds", "TC(70100:)"), ("microseconds", "TC(70100000:)")])
def test_bounds_are_in_the_metrics_unit(unit: str, last: str) -> None:
    assert list(histogram.statistics(unit))[-1] == last


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_quantiles_are_near_those_of_the_requests(share: float) -> None:
    times = stats.lognorm(0.5, scale=0.2)
    drawn = times.ppf([(each + 0.5) / 5000 for each in range(5000)])
    counts = Counter(histogram.BOUNDS[bisect_left(histogram.BOUNDS, time)] for time in drawn)
    assert histogram.quantile(counts, share) == pytest.approx(times.ppf(share), rel=0.02)


def test_nothing_has_no_quantile() -> None:
    assert histogram.quantile({}, 0.5) == 0
