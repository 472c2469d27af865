# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The significance budget: how sure a judge must be who looks more than once.

Who tests at 1 % at every look, each time with more data, calls far more than 1 % of the good releases bad: by chance
the two colors drift apart at some look or other. So one bake has one budget of false alarms for all of its looks and
all of the metrics that decide. A tenth of it is spread evenly over the looks on the way, nine tenths are kept for the
verdict at the end (Haybittle and Peto's rule). An early end takes overwhelming evidence, which a release that is really
bad gives within a minute of traffic, and the verdict at the end is hardly less sharp for it. The bakes of a release
share one budget equally.

That the sum holds follows from the union bound alone. It needs no assumption about how the looks hang together, and
so none about how much traffic there is between them.
"""

from __future__ import annotations

from dataclasses import dataclass

SIGNIFICANCE = 0.01  # the probability that a release which is no worse fails by chance, at most
KEPT_FOR_THE_END = 0.9


@dataclass(frozen=True)
class Levels:
    """The significance levels at which a metric fails: at an early look, and at the end."""

    early: float
    final: float

    @classmethod
    def of(cls, significance: float, metrics: int, looks: int) -> Levels:
        """For a bake of this many comparisons that decide, and this many looks on the way."""
        each = significance / max(1, metrics)
        return cls(each * (1 - KEPT_FOR_THE_END) / max(1, looks), each * KEPT_FOR_THE_END)
