# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo's load saw, as the series of its page."""

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.series import NOBODY, Point

from switchyard_lab.load.result import Answer, Tally
from tests.demo.report import series_of

START = 1_000.0


def test_each_color_has_its_requests_and_what_nobody_answered_is_counted_too() -> None:
    tally = Tally(START)
    tally.add(Answer(due=START + 0.1, seconds=0.01, status=200, release="1.0.0"))
    tally.add(Answer(due=START + 1.1, seconds=0.02, status=500, release="1.1.0"))
    tally.add(Answer(due=START + 1.2, seconds=10.0, error="TimeoutError"))
    series = series_of(tally.result(2.0), {"1.0.0": "blue", "1.1.0": "green"})
    assert series.points == {
        "blue": [Point(START, 1, 0, 10.0)],
        "green": [Point(START + 1, 1, 1, 20.0)],
        NOBODY: [Point(START + 1, 1, 1)],
    }
