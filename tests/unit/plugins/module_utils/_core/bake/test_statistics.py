# SPDX-License-Identifier: GPL-3.0-or-later
"""Held against SciPy, which the collection itself does without."""

from __future__ import annotations

from collections import Counter

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.statistics import (
    Share,
    clustering,
    design_effect,
    proportion_test,
    rank_test,
    superiority,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

shares = st.integers(1, 3000).flatmap(lambda total: st.builds(Share, st.integers(0, total), st.just(total)))
samples = st.lists(st.integers(0, 20), min_size=1, max_size=60)


def fisher(first: Share, second: Share) -> float:
    table = [[first.count, first.total - first.count], [second.count, second.total - second.count]]
    return float(stats.fisher_exact(table, alternative="greater").pvalue)


@given(shares, shares)
def test_proportions_as_scipy(first: Share, second: Share) -> None:
    assert proportion_test(first, second) == pytest.approx(fisher(first, second), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Share(540, 18_000), Share(810, 162_000)),
        (Share(90, 18_000), Share(810, 162_000)),
        (Share(51_000, 10_000_000), Share(50_000, 10_000_000)),
        (Share(3, 50), Share(0, 50)),
        (Share(0, 50), Share(0, 50)),
        (Share(50, 50), Share(0, 50)),
    ],
)
def test_proportions_of_all_sizes(first: Share, second: Share) -> None:
    assert proportion_test(first, second) == pytest.approx(fisher(first, second), rel=1e-5)


def test_two_large_samples_are_told_apart_as_by_the_z_test() -> None:
    first, second = Share(5_300, 1_000_000), Share(5_000, 1_000_000)
    rate = (first.count + second.count) / 2_000_000
    z = (first.rate - second.rate) / (rate * (1 - rate) * 2 / 1_000_000) ** 0.5
    assert proportion_test(first, second) == pytest.approx(float(stats.norm.sf(z)), rel=0.05)


@given(samples, samples)
def test_ranks_as_scipy(first: list[int], second: list[int]) -> None:
    if len({*first, *second}) == 1:
        assert rank_test(Counter(first), Counter(second)) == 1  # where SciPy gives up
        return
    expected = stats.mannwhitneyu(first, second, alternative="greater", method="asymptotic", use_continuity=True)
    assert rank_test(Counter(first), Counter(second)) == pytest.approx(float(expected.pvalue), rel=1e-9)
    assert superiority(Counter(first), Counter(second)) == pytest.approx(
        float(expected.statistic) / len(first) / len(second)
    )


def test_five_points_each_can_just_be_told_apart_when_all_of_one_side_are_higher() -> None:
    low, high = Counter(range(5)), Counter(range(5, 10))
    assert rank_test(high, low) == pytest.approx(0.006, abs=0.0005)
    assert rank_test(low, high) > 0.99
    mixed = Counter([4, 6, 7, 8, 9])
    assert rank_test(mixed, Counter([0, 1, 2, 3, 5])) > 0.01


def test_single_values_tell_nothing() -> None:
    assert rank_test({1.0: 1}, {}) == 1


def test_periods_that_agree_are_not_clustered() -> None:
    assert clustering([Share(5, 1000)] * 5) == 0
    assert clustering([Share(5, 1000)]) == 0
    assert clustering([Share(0, 1000)] * 5) == 0
    assert design_effect(0.0, 5000, 5) == 1


def test_bursts_make_many_requests_worth_few() -> None:
    periods = [Share(0, 1000), Share(0, 1000), Share(100, 1000), Share(0, 1000)]
    correlation = clustering(periods)
    effect = design_effect(correlation, 4000, 4)
    assert 90 < effect < 110  # a burst of 100 counts about as one
    assert design_effect(correlation, 400, 4) == pytest.approx(1 + (effect - 1) / 999 * 99)


def test_periods_of_one_request_have_nothing_to_agree_in() -> None:
    assert clustering([Share(0, 1), Share(1, 1)]) == 0
    assert clustering([Share(0, 2), Share(2, 2)]) == 1
