# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of a run: what runs now, how long it took, how to undo it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.durations import elapsed, spoken
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.closing import closing


@pytest.mark.parametrize(
    ("previous", "undo"),
    [
        ({"group": None}, "To undo it, deploy the previous image."),
        (
            {"group": "web-blue-v001", "retain_until": "2026-01-06T15:00:00+02:00"},  # as a person may write the tag
            "To undo it, run rollback.yml until 2026-01-06 13:00 UTC: 1.0.0 is retained in blue.",
        ),
        (
            {"group": "web-blue-v001", "retain_until": None},
            "To undo it, run rollback.yml: 1.0.0 still runs in blue.",
        ),
    ],
)
def test_a_release_that_succeeded_says_how_to_undo_it(previous: dict[str, Any], undo: str) -> None:
    blue = {"color": "blue", "release": "1.0.0", **previous}
    after = {"candidate": "blue", "environments": {"blue": blue}}
    ended = {"message": "web is released.", "end_state": "succeeded", "reason": None}
    plan = {"began": 1000.0, "brings_up": "candidate"}
    assert closing(ended, plan, after, 1200.4, fails=False) == ["web is released.", "It took 3 min 20 s.", undo]


@pytest.mark.parametrize("brings_up", ["first", "nothing"])
def test_what_moved_no_traffic_is_not_undone(brings_up: str) -> None:
    """A first release has no previous image, and a teardown or a new label takes nothing away from users."""
    after = {"candidate": "green", "environments": {"green": {"group": None}}}
    ended, plan = {"message": "It ended.", "end_state": "succeeded"}, {"began": 0.0, "brings_up": brings_up}
    assert closing(ended, plan, after, 3.0, fails=False) == ["It ended.", "It took 3 s."]


@pytest.mark.parametrize(
    ("state", "after"), [("unchanged", {}), ("succeeded", None), ("rolled_back", {}), ("halted", {})]
)
def test_another_end_says_no_more_than_it_knows(state: str, after: dict[str, Any] | None) -> None:
    ended = {"message": "It ended.", "end_state": state}
    plan = {"began": 0.0, "brings_up": "candidate"}
    assert closing(ended, plan, after, 3.0, fails=False) == ["It ended.", "It took 3 s."]


@pytest.mark.parametrize("state", ["rolled_back", "halted"])
def test_a_message_that_the_play_fails_with_is_not_said_twice(state: str) -> None:
    ended = {"message": "It failed.", "end_state": state}
    assert closing(ended, {"began": 0.0}, {}, 3.0, fails=True) == ["It took 3 s."]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (45, "45 s"), (90, "90 s"), (600, "10 min"), (3600, "1 h"), (172800, "2 d")]
)
def test_what_is_set_is_said_in_the_unit_that_it_was_set_in(seconds: int, said: str) -> None:
    assert spoken(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3900, "1 h 5 min")]
)
def test_what_was_measured_is_said_as_clocks_do(seconds: float, said: str) -> None:
    assert elapsed(seconds) == said
