# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Response times as counts of requests per range: what CloudWatch knows about single requests.

CloudWatch returns no samples. A percentile per minute leaves five numbers of a bake of five minutes, and two sets of
five can be distinguished only if they don't overlap at all. But its statistic "trimmed count" counts how many requests
took between two bounds, for the metrics of Application Load Balancers among others, and a ladder of bounds "to manually
create a histogram" is what its documentation proposes (CloudWatch statistics definitions). That is a histogram of all
requests, thousands of them, and a rank test takes it as it is: requests of one range are ties.
"""

from __future__ import annotations

from itertools import pairwise

from .statistics import Counts

RATIO = 1.25  # of a bound to the one before
LOWEST, RUNGS = 0.001, 51  # seconds: up to 70 s; load balancers wait 60 s for an answer by default
UNITS = {"seconds": 1.0, "milliseconds": 1e3, "microseconds": 1e6}

# Upper bounds of the ranges, in seconds; the last range is open and stands here with the bound that would be next.
BOUNDS = tuple(float(f"{LOWEST * RATIO**rung:.3g}") for rung in range(RUNGS + 1))


def statistics(unit: str) -> dict[str, float]:
    """The statistic of each range as CloudWatch writes it, with its upper bound in the metric's unit.

    "Percentile ranks are exclusive on the lower bound and inclusive on the upper bound", and so are trimmed counts
    (CloudWatch statistics definitions).
    """
    bounds = [bound * UNITS[unit] for bound in BOUNDS]
    return (
        {f"TC(:{bounds[0]:.10g})": bounds[0]}
        | {f"TC({below:.10g}:{bound:.10g})": bound for below, bound in pairwise(bounds[:-1])}
        | {f"TC({bounds[-2]:.10g}:)": bounds[-1]}
    )


def quantile(counts: Counts, share: float) -> float:
    """The time that this share of the requests did not exceed, interpolated on the ladder's own scale."""
    wanted, below = share * sum(counts.values()), 0.0
    for bound, count in sorted(counts.items()):
        if count and below + count >= wanted:
            return bound * RATIO ** ((wanted - below) / count - 1)
        below += count
    return 0.0
