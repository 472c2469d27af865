# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.everywhere import everywhere

from .targets import target


def test_targets_of_one_target_group_are_as_they_are() -> None:
    seen = [target("i-1"), target("i-1", "draining")]
    assert everywhere([seen]) == seen


def test_a_target_is_as_it_is_where_it_is_worst() -> None:
    public = [target("i-1"), target("i-2"), target("i-3"), target("i-4", "draining")]
    internal = [target("i-3", "unhealthy"), target("i-1")]
    assert [(each.id, each.state, each.absent) for each in everywhere([public, internal])] == [
        ("i-1", "healthy", False),
        ("i-2", "unused", True),
        ("i-3", "unhealthy", False),
        ("i-4", "draining", False),
    ]


def test_one_that_only_the_second_target_group_has_is_not_healthy() -> None:
    (seen,) = everywhere([[], [target("i-1")]])
    assert (seen.id, seen.healthy) == ("i-1", False)
