# SPDX-License-Identifier: GPL-3.0-or-later
"""How a group that is being rolled gets its previous image again."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.history import Rolled
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.state import ACTIVE, Refresh
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.way_back import WayBack, way_back

OLD, NEW = "ami-old", "ami-new"
ROLLED = Rolled("2.0", OLD, "1.0", NEW)


def refresh(status: str) -> Refresh:
    return Refresh.read({"InstanceRefreshId": "1", "AutoScalingGroupName": "web-blue-v001", "Status": status})


@pytest.mark.parametrize(
    ("status", "brought", "expected"),
    [
        ("Cancelling", None, "refresh"),
        ("RollbackInProgress", None, "await_rollback"),
        ("Pending", OLD, "join"),
        ("InProgress", OLD, "join"),
        ("Baking", OLD, "join"),
        ("Pending", NEW, "rollback"),
        ("InProgress", NEW, "rollback"),
        ("Baking", NEW, "rollback"),
        ("InProgress", None, "rollback"),  # whether it is ours is another question
    ],
)
def test_the_way_back_depends_on_what_runs(status: str, brought: str | None, expected: WayBack) -> None:
    assert status in ACTIVE
    assert way_back(refresh(status), brought, ROLLED) == expected


def test_what_was_never_rolled_has_begun_no_return() -> None:
    assert way_back(refresh("InProgress"), None, Rolled(None, None, None)) == "rollback"
