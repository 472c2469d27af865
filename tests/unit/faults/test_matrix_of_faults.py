# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cells the matrix of faults has, what counts as a fault, and how it is written down."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.cells import COLUMNS, FaultCell, KillCell, Recording, cells
from tests.faults.report import report
from tests.faults.seen import MISSING, Seen

SHIFT, LOOK, STORE = (
    ("elbv2", "ModifyListener", "write"),
    ("elbv2", "DescribeRules", "read"),
    ("s3", "PutObject", "write"),
)
RECORDINGS = [
    Recording("deploy", "listener", [LOOK, SHIFT], ["Plan", "release : Shift"]),
    Recording("deploy", "store", [LOOK, STORE], ["Plan"]),
]


def seen(door: str = "deploy", end: str = "succeeded", weight: int = 100, **more: Any) -> Seen:
    given: dict[str, Any] = {"requests": 100, "failed": 0, "failures": (), "left": (), "unserved": (), "seconds": 9.4}
    return Seen(**{"doors": (door,), "ends": (end,), "messages": ("",), "weight": weight, **given, **more})


def test_each_operation_has_a_cell_for_each_fault_in_the_first_way_that_calls_it() -> None:
    every = [cell for cell in cells(RECORDINGS) if isinstance(cell, FaultCell)]
    assert len(every) == 3 * len(COLUMNS)
    assert {(cell.operation.name, cell.way) for cell in every} == {
        ("DescribeRules", "listener"),
        ("ModifyListener", "listener"),
        ("PutObject", "store"),
    }


def test_each_task_is_killed_in_three_ways_and_taken_up_in_three() -> None:
    every = [cell for cell in cells(RECORDINGS) if isinstance(cell, KillCell)]
    assert len({cell.id for cell in every}) == len(every) == 2 * 3 * 3


def test_what_is_the_most_likely_to_show_trouble_comes_first() -> None:
    first = cells(RECORDINGS)[0]
    assert isinstance(first, FaultCell)
    assert (first.operation.kind, first.column) == ("write", "answer lost")


@pytest.mark.parametrize(
    "good",
    [
        seen(),
        seen(end="rolled_back", weight=0),
        seen("rollback", "rolled_back", 0),
        seen(left=("version 3 of the launch template",)),
        seen(end="halted", weight=10, left=("schedule demo", "pin on demo-blue")),
        seen("teardown", "unchanged", 10, left=("lease of a", "schedule demo")),
    ],
)
def test_what_is_as_it_should_be_is_no_fault(good: Seen) -> None:
    assert good.faults == []


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (seen(failed=3), "3 of 100 requests failed"),
        (seen(unserved=("green",)), "traffic without anybody who serves it"),
        (seen(end=MISSING), MISSING),
        (seen(weight=10), "succeeded with 10 % of the traffic"),
        (seen(end="refused", weight=10), "refused with 10 % of the traffic"),
        (seen(left=("lease of a",)), "lease stays"),
        (seen(left=("pin on blue",)), "pin stays"),
        (seen(end="halted", weight=0, left=("schedule a",)), "schedule stays"),
        (seen(end="halted", weight=10), "no schedule at a split"),
        (seen("rollback", "halted", 10, left=("schedule a", "lease of a")), "lease stays"),
        (seen(problems=("1 tasks of the dead run live on",)), "1 tasks of the dead run live on"),
    ],
)
def test_what_is_not_is_one(bad: Seen, why: str) -> None:
    assert bad.faults == [why]


def test_the_report_counts_and_shows_what_was_played() -> None:
    every = cells(RECORDINGS)
    lost = next(cell for cell in every if isinstance(cell, FaultCell) and cell.operation.name == "ModifyListener")
    killed = KillCell("deploy", 2, "release : Shift", "parent", "rollback")
    known = {lost.id: seen(left=("group x",)), killed.id: seen("rollback", "halted", 0, left=("lease of a",))}
    text = report(every, known, [lost.id])
    assert f"2 of {len(every):,} cells were played, 1 of them with this version" in text
    assert "1 cell is a fault" in text
    assert "| elbv2 ModifyListener |  |  |  | succeeded, 9 s; left: group x |" in text
    assert "| 2. Shift |" in text
    assert "**halted, 9 s: lease stays** °" in text
    assert "DescribeRules" not in text
