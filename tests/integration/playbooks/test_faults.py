# SPDX-License-Identifier: GPL-3.0-or-later
"""Some of the cells of docs/faults.md; `make faults` plays all."""

from __future__ import annotations

import pytest

from tests.faults.cells import Cell, FaultCell, KillCell, Operation
from tests.faults.playing_cells import play
from tests.plays import forked


def fault(door: str, service: str, name: str, column: str, kind: str = "write", way: str = "listener") -> FaultCell:
    return FaultCell(door, Operation(service, name, kind, way), column)


SHIFT = 11  # its number among the tasks of a deploy
CELLS: list[tuple[Cell, list[str]]] = [
    (fault("rollback", "elbv2", "ModifyListener", "reset"), ["rolled_back"]),
    (KillCell("deploy", SHIFT, "Shift the traffic", "family", "rollback"), ["rolled_back"]),
]
MORE_CELLS: list[tuple[Cell, list[str]]] = [
    (fault("deploy", "scheduler", "CreateSchedule", "answer lost"), ["succeeded"]),
    (fault("teardown", "autoscaling", "DeleteAutoScalingGroup", "answer lost"), ["succeeded"]),
    (fault("deploy", "autoscaling", "UpdateAutoScalingGroup", "HTML"), ["succeeded"]),
    (fault("rollback", "s3", "PutObject", "HTML", way="store"), ["rolled_back"]),
    (fault("rollback", "elbv2", "DescribeTags", "expired", kind="read"), ["halted", "rolled_back"]),
    (fault("teardown", "elbv2", "AddTags", "500"), ["succeeded"]),
]


# Other labs share the processors, and users whom a busy machine keeps waiting would count as failed.
RATE = 20.0


@pytest.mark.parametrize(
    ("cell", "ends"),
    [
        pytest.param(cell, ends, id=cell.id, marks=marks)
        for cells, marks in ((CELLS, ()), (MORE_CELLS, pytest.mark.thorough))
        for cell, ends in cells
    ],
)
def test_a_fault_hurts_nobody_and_leaves_nothing(cell: Cell, ends: list[str]) -> None:
    seen = play(cell, forked, RATE, quick=True)
    assert (seen.faults, list(seen.ends)) == ([], ends), (seen.failures, seen.left, seen.messages)
