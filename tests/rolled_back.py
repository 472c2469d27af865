# SPDX-License-Identifier: GPL-3.0-or-later
"""A release that an alarm rolled back: its record, and what was counted meanwhile."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.record import Record
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.series import NOBODY, Point, Series
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.traffic import Traffic

BEGAN = 1767669002
LISTENER = {"routes": [{"title": "listener"}]}
OLD, NEW = Version("ami-1", "1.0.0"), Version("ami-2", "1.2.0-bad")
OUTCOME = Outcome("20260106T031002Z-1f3a", "deploy", "kim", BEGAN, BEGAN + 90, "rolled_back", OLD, NEW, 3)
TRAFFIC = Traffic("blue", ["listener"], {"blue": ["arn:b"], "green": ["arn:g"]}, {"blue": 100, "green": 0})
PLAN = ("build green", "shift green to 10 %", "shift green to 100 %", "declare green stable")
SERIES = Series(
    1,
    "p90",
    {
        "blue": [Point(BEGAN + at, 90, 0, 12.0) for at in range(90)],
        "green": [Point(BEGAN + at, 10, 4, 30.0) for at in range(40, 70)],
        NOBODY: [Point(BEGAN + 50, 1, 1)],
    },
)


def rolled_back() -> Record:
    record = Record("web", OUTCOME, plan=PLAN, traffic=TRAFFIC)
    record = record.begin(PLAN[0], 1, BEGAN).end({"changed": True, "msg": "3/3 healthy"}, BEGAN + 40)
    record = record.begin(PLAN[1], 2, BEGAN + 40).end({"weights": {"arn:b": 90, "arn:g": 10}, **LISTENER}, BEGAN + 41)
    record = record.begin("Return the traffic", None, BEGAN + 70)
    record = record.end({"moves": [{"weight": 100, "seconds": 0.5}]}, BEGAN + 71)
    failed = {"verdict": "fail", "reasons": ["Alarm web-5xx is in ALARM."], "evidence_at": BEGAN + 67.5}
    return record.fail(2, failed).over(OUTCOME, "The release of web was rolled back.")
