# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DORA's figures of delivery, from what runs did: deployment frequency, change failure rate, and time to restore.

"DORA's software delivery performance metrics" (dora.dev/guides/dora-metrics) defines them. Lead time is not among
these: nothing here knows when a change was committed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from ..base.durations import elapsed, spoken
from .deployments import Deployment, deployments_of
from .outcome import Outcome

DAY, WEEK = 86400, 7 * 86400


@dataclass(frozen=True)
class Figures:
    """DORA figures of a period of ``seconds``. A deployment is a release that users got, be it for a moment."""

    seconds: int
    deployments: Sequence[Deployment]

    @property
    def per_week(self) -> float:
        """Less than a day is too short to extrapolate."""
        return round(len(self.deployments) * WEEK / max(self.seconds, DAY), 1)

    @property
    def failed(self) -> int:
        return sum(each.failed for each in self.deployments)

    @property
    def failure_percent(self) -> float | None:
        return round(100 * self.failed / len(self.deployments), 1) if self.deployments else None

    @property
    def restores(self) -> list[int]:
        return [each.restored for each in self.deployments if each.restored is not None]

    @property
    def restore_seconds(self) -> float | None:
        return median(self.restores) if self.restores else None

    def as_data(self) -> dict[str, Any]:
        return {
            "seconds": self.seconds,
            "deployments": len(self.deployments),
            "deployments_per_week": self.per_week if self.deployments else 0.0,
            "failed": self.failed,
            "change_failure_percent": self.failure_percent,
            "restore_seconds": self.restore_seconds,
            "lead_time_seconds": None,
        }

    def lines(self) -> list[str]:
        if not self.deployments:
            return ["Users got no release in this time, so there are no figures."]
        count = len(self.deployments)
        return [
            f"Deployment frequency: {count} in {spoken(max(1, self.seconds // DAY) * DAY)}, {self.per_week:g} a week.",
            f"Change failure rate: {self.failure_percent:g} %, {self.failed} of {count}.",
            f"Time to restore: {self._restoring()}",
            "Lead time: not known, as records do not say when a change was committed.",
        ]

    def _restoring(self) -> str:
        """What is broken still has no time, and nor has a return that nobody has timed."""
        broken = sum(each.broken_since is not None for each in self.deployments)
        known = self.restore_seconds
        said = [f"{elapsed(known)}, median of {len(self.restores)}."] if known is not None else []
        said += [f"{broken} not restored yet."] if broken else []
        return " ".join(said) or ("not known." if self.failed else "none was needed.")


def figures_of(outcomes: Iterable[Outcome], since: float, now: float, died: Collection[str] = ()) -> Figures:
    """Counts the deployments between these two. ``outcomes`` may be older: a rollback may be of an earlier release.
    ``died``: the runs that ended without a word when users had their release."""
    return Figures(max(0, int(now - since)), [each for each in deployments_of(outcomes, died) if each.at >= since])
