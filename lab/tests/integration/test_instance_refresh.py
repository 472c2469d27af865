# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance refreshes: who is replaced when, and what is told of it."""

from __future__ import annotations

import pytest

from switchyard_lab.scene import Scene, eventually, refusal

from .refreshed import AT_ONCE, LAUNCH_FIRST, Refreshed


@pytest.mark.parametrize(("bounds", "least"), [(LAUNCH_FIRST, 6), (AT_ONCE, 4)])
def test_every_instance_is_replaced_within_the_bounds(scene: Scene, bounds: dict[str, int], least: int) -> None:
    group = Refreshed(scene)
    group.start(**bounds)
    assert refusal(scene.autoscaling.start_instance_refresh, **group.request()) == "InstanceRefreshInProgress"
    assert group.launches_from() == "1"
    assert group.lowest("Successful") >= least
    assert (group.versions(), group.launches_from()) == ({"2": 6}, "2")
    seen = group.seen()
    assert (seen["PercentageComplete"], seen["InstancesToUpdate"]) == (100, 0)
    eventually(lambda: len(scene.health(group.targets)), lambda count: count == 6)
