# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.significance_budget import Levels


@pytest.mark.parametrize(("metrics", "looks"), [(1, 1), (1, 20), (3, 20), (0, 0)])
def test_all_looks_at_all_metrics_together_stay_within_the_budget(metrics: int, looks: int) -> None:
    levels = Levels.of(0.01, metrics, looks)
    assert (levels.early * looks + levels.final) * metrics <= 0.01 + 1e-12


def test_the_end_is_hardly_less_sharp_for_the_looks_on_the_way() -> None:
    assert Levels.of(0.01, 1, 60).final == pytest.approx(0.009)
