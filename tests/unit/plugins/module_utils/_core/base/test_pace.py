# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.pace import begins_after, poll_seconds


@pytest.mark.parametrize(("at_once", "seconds"), [(1, 5), (10, 5), (11, 6), (50, 25), (120, 60), (500, 60)])
def test_many_services_at_once_look_less_often(at_once: int, seconds: int) -> None:
    assert poll_seconds(at_once) == seconds


@pytest.mark.parametrize(
    ("place", "at_once", "seconds"),
    [(0, 50, 0), (9, 50, 0), (10, 50, 10), (11, 50, 20), (49, 50, 400), (10, 10, 0), (49, 20, 0)],
)
def test_ten_services_begin_at_once_and_those_that_had_to_wait_for_a_fork(
    place: int, at_once: int, seconds: int
) -> None:
    assert begins_after(place, at_once) == seconds
