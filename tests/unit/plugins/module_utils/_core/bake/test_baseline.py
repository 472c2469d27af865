# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate is compared with at each weight."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.baseline import baseline_at


@pytest.mark.parametrize(
    ("weight", "baseline"),
    [
        (1, "same_minutes"),
        (50, "same_minutes"),
        (51, "before_for_latency"),
        (99, "before_for_latency"),
        (100, "before"),
    ],
)
def test_a_stable_with_less_traffic_is_compared_as_it_was_before(weight: int, baseline: str) -> None:
    assert baseline_at(weight) == baseline
