# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection costs, next to a bare script. ``python -m tests.benchmark``"""

from __future__ import annotations

import sys

from tests.playing import ROOT

from .cost import Cost
from .ground import Ground, ground
from .jobs import JOBS, Job
from .report import report

ROUNDS = 3
LATENCIES_MS = (0, 50)
DOCUMENT = ROOT / "docs/benchmark.md"


def main() -> int:
    costs = {}
    for latency in LATENCIES_MS:
        with ground(latency) as lab:
            costs[latency] = {job.name: measure(job, lab, latency) for job in JOBS}
    text = report(costs, ROUNDS)
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(text, encoding="utf-8")
    print(f"\n{text}\nThe same in {DOCUMENT.relative_to(ROOT)}")
    return 0


def measure(job: Job, lab: Ground, latency: int) -> dict[str, Cost]:
    """The ways in turns, so that what else the machine does meets all of them."""
    rounds = []
    for number in range(ROUNDS):
        print(f"{latency} ms per call: {job.name}, {number + 1} of {ROUNDS}", file=sys.stderr, flush=True)
        rounds.append({name: way(lab) for name, way in job.ways.items()})
    return {name: Cost.median([costs[name] for costs in rounds]) for name in job.ways}


if __name__ == "__main__":
    sys.exit(main())
