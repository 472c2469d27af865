# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DORA's figures of delivery, from what runs did: deployment frequency, change failure rate, and time to restore.

"DORA's software delivery performance metrics" (dora.dev/guides/dora-metrics) defines them. Lead time is not among
these: nothing here knows when a change was committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from ..base.durations import elapsed, spoken
from ..base.end_states import HALTED, ROLLED_BACK, SUCCEEDED
from .outcome import Outcome

DAY, WEEK = 86400, 7 * 86400
WORKS = ("deploy", "swap", "roll")  # what gives users another release
WATCH = "watch"  # rolls back the release of a run that died, which could not say how it ended


@dataclass(frozen=True)
class Deployment:
    """A release that users got. ``broken_since``: it failed then, and is not restored yet."""

    failed: bool = False
    restored: int | None = None
    broken_since: int | None = None


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
        count, restored = len(self.deployments), self.restore_seconds
        return [
            f"Deployment frequency: {count} in {spoken(max(1, self.seconds // DAY) * DAY)}, {self.per_week:g} a week.",
            f"Change failure rate: {self.failure_percent:g} %, {self.failed} of {count}.",
            "Time to restore: "
            + (f"{elapsed(restored)}, median of {len(self.restores)}." if restored is not None else "none was needed."),
            "Lead time: not known, as records do not say when a change was committed.",
        ]


def figures_of(outcomes: Sequence[Outcome], since: float, now: float) -> Figures:
    """``outcomes``: the latest first, of the time between these two."""
    deployments: list[Deployment] = []
    for outcome in sorted(outcomes, key=lambda each: each.ended or each.began):
        if outcome.doing == "rollback" and outcome.end_state == ROLLED_BACK:
            if outcome.to.image_id:  # else the candidate was rejected before it had traffic
                _roll_back(deployments, outcome)
        elif new := _deployment(outcome):
            _restore(deployments, outcome)
            deployments.append(new)
    return Figures(max(0, int(now - since)), deployments)


def _deployment(outcome: Outcome) -> Deployment | None:
    """None for a run whose release no user got, and for one that continues."""
    served = outcome.restored is not None or outcome.doing == "roll"
    if outcome.doing == WATCH:
        return Deployment(True, outcome.restored) if outcome.end_state == ROLLED_BACK and served else None
    if not set(outcome.doing.split()) & set(WORKS):  # such as: verify and swap
        return None
    if outcome.end_state == SUCCEEDED:
        return Deployment() if outcome.switches else None
    if outcome.end_state == HALTED:
        return Deployment(failed=True, broken_since=outcome.ended)
    return Deployment(True, outcome.restored) if outcome.end_state == ROLLED_BACK and served else None


def _roll_back(deployments: list[Deployment], rollback: Outcome) -> None:
    """The last deployment has failed after all."""
    if not deployments:
        return
    last = deployments[-1]
    since = last.broken_since if last.broken_since is not None else rollback.began
    took = rollback.restored if last.broken_since is None else (rollback.ended or rollback.began) - since
    if last.restored is None:
        deployments[-1] = replace(last, failed=True, restored=took, broken_since=None)


def _restore(deployments: list[Deployment], outcome: Outcome) -> None:
    """What succeeds after a run that needed a person restores what that one left."""
    if deployments and deployments[-1].broken_since is not None and outcome.end_state == SUCCEEDED:
        took = (outcome.ended or outcome.began) - deployments[-1].broken_since
        deployments[-1] = replace(deployments[-1], restored=took, broken_since=None)
