# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which periods of stable a candidate is compared with."""

from __future__ import annotations

from datetime import datetime

from .metric_data import Results, Side, requests
from .metrics import LATENCY, RATE, Metric

SAME_MINUTES, BEFORE, BEFORE_FOR_LATENCY = "same_minutes", "before", "before_for_latency"
BASELINES = (SAME_MINUTES, BEFORE, BEFORE_FOR_LATENCY)
FULL = 0.85  # of the requests of both colors: next to a canary of 10 %, stable is about as busy as ever


def baseline_at(weight: int) -> str:
    """What a candidate with ``weight`` percent of the traffic is compared with: a stable that has less of it than the
    candidate is faster for that alone."""
    if weight <= 50:
        return SAME_MINUTES
    return BEFORE_FOR_LATENCY if weight < 100 else BEFORE


def wants_full_traffic(metric: Metric, baseline: str) -> bool:
    """Whether it can matter what stable was like at full traffic. Response times depend on the load, so a stable that
    has less of it than the candidate is faster for that alone; and one that has had none lately has nothing else."""
    return (
        metric.compare == LATENCY
        if baseline == BEFORE_FOR_LATENCY
        else baseline == BEFORE and metric.compare in (RATE, LATENCY)
    )


def full_traffic(
    metric: Metric, number: int, candidate: Side, stable: Side, results: Results, until: datetime
) -> list[datetime]:
    """When the periods began in which stable had full traffic. Points count no requests, and have none of these."""
    ours, theirs = (requests(metric, number, side, results) for side in (candidate, stable))
    return [
        time for time, count in sorted(theirs.items()) if time < until and count >= FULL * (count + ours.get(time, 0.0))
    ]
