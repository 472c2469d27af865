# SPDX-License-Identifier: GPL-3.0-or-later
"""One overlap: two playbooks at a distance of each other, under load, and what is true afterwards."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from switchyard_lab.client import LabProcess
from tests.playing import Run
from tests.sample import Sample
from tests.standing import MARGIN, RATE, Standing, stand
from tests.unserved import unserved

from .cells import Row

STEPS = [{"weight": 10, "bake_seconds": 1}, {"weight": 100, "bake_seconds": 1}]
ROLL = {
    "bluegreen_instance_warmup": 0,
    "bluegreen_max_healthy_percentage": 150,
    "bluegreen_bake_seconds": 1,
    "bluegreen_hold_seconds": 60,
}
AFTERWARDS = 2.0  # seconds for which users continue asking when both have ended


@dataclass(frozen=True)
class Overlap:
    """``ends``: each play's exit code and the last thing that failed in it. ``empty``: target groups that have traffic,
    and nobody who serves it."""

    apart: float
    requests: int
    failed: int
    failures: Sequence[str]
    empty: Sequence[str]
    ends: Sequence[str]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def overlap(row: Row, apart: float, run: Run, rate: float = RATE) -> Overlap:
    """On a lab of its own, under this many requests per second."""
    with LabProcess(seed=False, speed=20, latency_ms=20, propagation_ms=5000) as lab:
        standing = stand(lab, row.kind, 0 if row.alone else row.position)
        lab.start(first=0, second=apart)
        with ExitStack() as stack:
            loads = [stack.enter_context(load) for load in standing.users(rate)]
            ends = _play_both(standing, row, run)
            time.sleep(AFTERWARDS)
        results = [load.result for load in loads]
        failures = [f"{each.status} {each.error} {each.release}" for result in results for each in result.failures]
        return Overlap(
            apart,
            sum(result.requests for result in results),
            sum(result.failed for result in results),
            failures[:5],
            unserved(standing.sample),
            ends,
        )


def _play_both(standing: Standing, row: Row, run: Run) -> list[str]:
    def play(key: str, playbook: str) -> str:
        sample = Sample(standing.sample.lab, run=_signed(run, key))
        played = sample.open(playbook, **_variables(standing, row, playbook))
        failed = [str(each.get("msg", "")) for each in played.results if each.get("failed")]
        return f"{playbook}: {played.returncode}" + (f" {failed[-1][:300]}" if failed and played.returncode else "")

    with ThreadPoolExecutor(2) as pool:
        plays = [pool.submit(play, "first", row.first), pool.submit(play, "second", row.second)]
        return [each.result() for each in plays]


def _signed(run: Run, key: str) -> Run:
    """With an access key of its own, by which the lab knows the play."""
    return lambda arguments, environment, timeout: run(arguments, {**environment, "AWS_ACCESS_KEY_ID": key}, timeout)


def _variables(standing: Standing, row: Row, playbook: str) -> dict[str, Any]:
    quick: dict[str, Any] = {
        "bluegreen_alarms": [],
        "bluegreen_propagation_timeout": 0,
        "bluegreen_ttl_margin_seconds": MARGIN,
        "bluegreen_retain_seconds": 0,
        "bluegreen_strategy": STEPS,
    }
    release = "1.1.0" if row.position == 10 or playbook == "swap" else "1.2.0"
    released = {"bluegreen_image_id": standing.images[release], "bluegreen_release": release}
    match playbook:
        case "deploy" | "swap":
            return quick | released
        case "roll":
            return quick | released | ROLL
    return quick
