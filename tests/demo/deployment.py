# SPDX-License-Identifier: GPL-3.0-or-later
"""One deployment, as the load and the play saw it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from switchyard_lab.load import LoadResult
from tests.playing import Played

ROLE = "switchyard.bluegreen."


@dataclass(frozen=True)
class Deployment:
    kind: str
    release: str
    service: str
    load: LoadResult
    played: Played

    @property
    def end_state(self) -> str:
        return str(self.played.outcomes[self.service]["end_state"])

    @property
    def reason(self) -> str:
        """The last failed task's sentence: the play's own."""
        return next((str(result["msg"]) for result in reversed(self.played.results) if result.get("failed")), "")

    def stages(self) -> dict[str, float]:
        """Seconds that the tasks of each role took, in the order in which the roles had their turn."""
        seconds: dict[str, float] = defaultdict(float)
        for result in self.played.results:
            role, colon, _name = result["task"].partition(" : ")
            if colon:
                seconds[role.removeprefix(ROLE)] += _end(result) - _start(result)
        return {role: round(spent, 1) for role, spent in seconds.items() if role != "release"}

    def weights(self) -> list[tuple[float, dict[str, int]]]:
        """Seconds since the load began, and the production route's new percents by target group name."""
        return [
            (_end(result) - self.load.started, _names(next(iter(result["diff"]["after"].values()))["weights"]))
            for result in self.played.results
            if result["task"].endswith((": Shift the traffic", ": Return the traffic to stable"))
            and result.get("changed")
        ]

    def summary(self) -> dict[str, Any]:
        return {
            "requests": self.load.requests,
            "failed": self.load.failed,
            "seconds": round(self.load.seconds, 1),
            "stages": self.stages(),
            "end_state": self.end_state,
        }


def _names(weights: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(weights.items()))


def _start(result: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(result["duration"]["start"]).timestamp()


def _end(result: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(result["duration"]["end"]).timestamp()
