# SPDX-License-Identifier: GPL-3.0-or-later
"""A bake that waits for approval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.approval import Approval

from .watched import Aws


class Asking(Aws):
    """The candidate's group waits for approval at 10 %, which ann gives after this many seconds."""

    def __init__(self, approved_after: float) -> None:
        super().__init__(lambda _: "OK", lambda _: 2)
        self._approved_after = approved_after

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if "AutoScalingGroupNames" not in asked:
            yield from super().paginate(**asked)
            return
        by = "ann" if self.clock.time >= self._approved_after else None
        tags = Approval(10, datetime.fromtimestamp(120, UTC), by).tag()
        yield {"AutoScalingGroups": [{"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]}


ASKED = {"group": "web-green-v002", "weight": 10, "then": "rollback"}


def test_who_waits_for_approval_reads_at_which_weight_until_when_and_how() -> None:
    world = Asking(approved_after=75)
    result = world.bake(120, alarms=["a"], approval=ASKED)
    assert (result["verdict"], result["approved_by"]) == ("pass", "ann")
    how = "approve.yml with bluegreen_approve_weight=10"
    waiting = f"waiting for approval at 10 % until 1970-01-01 00:02:00 UTC ({how}): alarms ok; at most"
    assert world.said == [f"{waiting} 1 min 30 s more", f"{waiting} 1 min 0 s more", "Approved by ann."]


def test_nobody_is_waited_for_after_that() -> None:
    result = Asking(approved_after=1000).bake(120, alarms=["a"], approval=ASKED)
    assert (result["seconds"], result["approved_by"]) == (120, None)
    assert "Nobody has approved web-green-v002 at 10 % within 120 s." in result["msg"]
