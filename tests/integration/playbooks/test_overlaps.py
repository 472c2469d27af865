# SPDX-License-Identifier: GPL-3.0-or-later
"""Two playbooks for one service at once fail no request and leave no traffic where nobody can serve it."""

from __future__ import annotations

import pytest

from tests.overlaps.cells import Row
from tests.overlaps.overlap import AFTERWARDS, overlap
from tests.plays import forked

CELLS = [
    (Row("listener", 10, "deploy", "rollback"), 1.0),
    (Row("listener", 100, "rollback", "teardown"), 0.3),
    (Row("rule", 10, "swap", "swap"), 0.3),
    (Row("network", 100, "teardown", "rollback"), 0.3),
    (Row("listener", 100, "roll", "deploy"), 0.0),
    (Row("rule", 100, "teardown", "rollback"), 0.0),
    (Row("records", 100, "rollback", "teardown"), 1.0),
    (Row("network", 10, "rollback", "swap"), 0.3),
]


# Three labs next to this one share the processors, and users whom a busy machine keeps waiting would count as failed.
RATE = 30.0


@pytest.mark.parametrize(
    ("row", "apart"),
    [pytest.param(row, apart, id=f"{row.id}, {apart:g} s apart") for row, apart in CELLS],
)
def test_an_overlap_hurts_nobody(row: Row, apart: float) -> None:
    seen = overlap(row, apart, forked, RATE)
    assert seen.requests >= RATE * AFTERWARDS, "users have asked until the end"
    assert (seen.failed, seen.empty) == (0, []), (seen.failures, seen.ends)
