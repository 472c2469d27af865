# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an instance refresh replaces the instances of a group: what AWS takes, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..base.errors import BluegreenError

WHOLE = 100
MOST_ALARMS = 10
RANGES = {
    "min_healthy_percentage": (0, 100),
    "max_healthy_percentage": (100, 200),
    "checkpoint_delay": (0, 172800),
    "bake_time": (0, 172800),
}


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """Options of the module instance_refresh, with their documentation."""

    min_healthy_percentage: int = 100
    max_healthy_percentage: int = 110
    instance_warmup: int | None = None
    checkpoints: Sequence[int] = ()
    checkpoint_delay: int = 3600
    bake_time: int = 0
    skip_matching: bool = True
    scale_in_protected: Literal["refresh", "ignore", "wait"] = "wait"
    standby: Literal["terminate", "ignore", "wait"] = "wait"
    alarms: Sequence[str] = ()
    auto_rollback: bool = True

    def to_return(self) -> Preferences:
        """For the way back. Alarms may be in state ALARM, which is no reason to keep the release that causes it. An
        instance that a person has put in standby serves nobody, so nobody waits for it."""
        standby = "ignore" if self.standby == "wait" else self.standby
        return replace(self, alarms=(), auto_rollback=False, checkpoints=(), bake_time=0, standby=standby)

    def request(self) -> dict[str, Any]:
        """For StartInstanceRefresh. The last checkpoint of AWS is where a refresh ends, so the whole group is added."""
        checkpoints = list(self.checkpoints)
        wanted = {
            "MinHealthyPercentage": self.min_healthy_percentage,
            "MaxHealthyPercentage": self.max_healthy_percentage,
            "InstanceWarmup": self.instance_warmup,
            "CheckpointPercentages": [*checkpoints, *([] if WHOLE in checkpoints else [WHOLE])]
            if checkpoints
            else None,
            "CheckpointDelay": self.checkpoint_delay if checkpoints else None,
            "BakeTime": self.bake_time or None,
            "SkipMatching": self.skip_matching,
            "ScaleInProtectedInstances": self.scale_in_protected.capitalize(),
            "StandbyInstances": self.standby.capitalize(),
            "AutoRollback": self.auto_rollback,
            "AlarmSpecification": {"Alarms": list(self.alarms)} if self.alarms else None,
        }
        return {key: value for key, value in wanted.items() if value is not None}

    def check(self) -> None:
        """What AWS would refuse (RefreshPreferences in the API reference), before a launch template version is made."""
        if problems := list(self._problems()):
            raise BluegreenError(" ".join(problems))

    def warnings(self) -> list[str]:
        if self.min_healthy_percentage > 0 or self.max_healthy_percentage > WHOLE:
            return []
        return [
            "min_healthy_percentage is 0 and max_healthy_percentage 100, so AWS may replace all instances at the same "
            "time and nobody serves meanwhile. Raise one of them to keep the service up."
        ]

    def _problems(self) -> Iterator[str]:
        for name, (least, most) in RANGES.items():
            if not least <= (value := getattr(self, name)) <= most:
                yield f"{name} is {value}; it must be from {least} to {most}."
        minimum, maximum, checkpoints = self.min_healthy_percentage, self.max_healthy_percentage, self.checkpoints
        if maximum - minimum > WHOLE:
            yield (
                f"max_healthy_percentage is {maximum} and min_healthy_percentage {minimum}; AWS accepts a difference "
                "of at most 100."
            )
        if list(checkpoints) != sorted(set(checkpoints)) or not all(0 < each <= WHOLE for each in checkpoints):
            said = ", ".join(map(str, checkpoints))
            yield f"checkpoints must be percentages from 1 to 100 in rising order, each once; given: {said}."
        if len(self.alarms) > MOST_ALARMS:
            yield f"alarms names {len(self.alarms)}; AWS accepts at most {MOST_ALARMS} for a refresh."


def check_percentage(percentage: int | None) -> None:
    if percentage is not None and not 1 <= percentage <= WHOLE:
        raise BluegreenError(f"until_percentage is {percentage}; it must be from 1 to {WHOLE}.")
