# SPDX-License-Identifier: GPL-3.0-or-later
"""The preferences of an instance refresh: what AWS refuses, its defaults, and what follows for the capacity.

The rules are those of RefreshPreferences in the API reference, and of the user guide ("Understand the default values").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from moto.autoscaling.exceptions import ValidationError

if TYPE_CHECKING:
    from .group import LabGroup

WHOLE = 100
LONGEST_WAIT = 172800
MOST_ALARMS = 10
HOUR = 3600


@dataclass(frozen=True)
class Preferences:
    """``maximum_healthy`` is None when it was not given: then old and new are exchanged at the same time."""

    asked: Mapping[str, Any]
    minimum_healthy: int
    maximum_healthy: int | None
    warmup: int

    @classmethod
    def requested(cls, asked: Mapping[str, Any], group: LabGroup) -> Self:
        _check(asked)
        policy = getattr(group, "instance_maintenance_policy", None) or {}
        warmups = (asked.get("InstanceWarmup"), getattr(group, "default_instance_warmup", None))
        return cls(
            asked,
            minimum_healthy=asked.get("MinHealthyPercentage", policy.get("MinHealthyPercentage", 90)),
            maximum_healthy=asked.get("MaxHealthyPercentage", policy.get("MaxHealthyPercentage")),
            warmup=next((each for each in warmups if each is not None), group.health_check_grace_period or 0),
        )

    @property
    def checkpoints(self) -> Sequence[int]:
        """The last is where the refresh ends."""
        return self.asked.get("CheckpointPercentages") or [WHOLE]

    @property
    def checkpoint_delay(self) -> int:
        return int(self.asked.get("CheckpointDelay", HOUR))

    @property
    def bake_time(self) -> int:
        return int(self.asked.get("BakeTime", 0))

    @property
    def skips_matching(self) -> bool:
        return bool(self.asked.get("SkipMatching"))

    @property
    def rolls_back(self) -> bool:
        return bool(self.asked.get("AutoRollback"))

    @property
    def protected(self) -> str:
        return str(self.asked.get("ScaleInProtectedInstances", "Wait"))

    @property
    def standby(self) -> str:
        return str(self.asked.get("StandbyInstances", "Wait"))

    @property
    def alarms(self) -> Sequence[str]:
        return (self.asked.get("AlarmSpecification") or {}).get("Alarms") or []

    def bounds(self, desired: int) -> tuple[int, int]:
        """How much capacity has to be healthy, and how much may be there.

        Where both would allow no replacement at all, one more is launched than the maximum, if a maximum was given, and
        else one less is kept than the minimum.
        """
        minimum = math.ceil(desired * self.minimum_healthy / WHOLE)
        maximum = desired * (self.maximum_healthy or WHOLE) // WHOLE
        if minimum < maximum:
            return minimum, maximum
        return (minimum - 1, maximum) if self.maximum_healthy is None else (minimum, maximum + 1)

    def described(self) -> dict[str, Any]:
        maximum = {} if self.maximum_healthy is None else {"MaxHealthyPercentage": self.maximum_healthy}
        return {
            "SkipMatching": False,
            "AutoRollback": False,
            "ScaleInProtectedInstances": "Wait",
            "StandbyInstances": "Wait",
            **self.asked,
            "MinHealthyPercentage": self.minimum_healthy,
            **maximum,
            "InstanceWarmup": self.warmup,
        }


def _check(asked: Mapping[str, Any]) -> None:
    minimum, maximum = asked.get("MinHealthyPercentage"), asked.get("MaxHealthyPercentage")
    if minimum is not None and not 0 <= minimum <= WHOLE:
        raise ValidationError("MinHealthyPercentage must be between 0 and 100")
    if maximum is not None and not WHOLE <= maximum <= 2 * WHOLE:
        raise ValidationError("MaxHealthyPercentage must be between 100 and 200")
    if maximum is not None and minimum is None:
        raise ValidationError("MinHealthyPercentage must be specified when MaxHealthyPercentage is specified")
    if maximum is not None and minimum is not None and maximum - minimum > WHOLE:
        raise ValidationError(
            "The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100"
        )
    checkpoints = asked.get("CheckpointPercentages", [])
    if list(checkpoints) != sorted(set(checkpoints)) or not all(0 < each <= WHOLE for each in checkpoints):
        raise ValidationError("CheckpointPercentages must be unique numbers from 1 to 100 in ascending order")
    if "CheckpointDelay" in asked and not checkpoints:
        raise ValidationError("CheckpointPercentages must be specified when CheckpointDelay is specified")
    for field in ("CheckpointDelay", "BakeTime"):
        if not 0 <= asked.get(field, 0) <= LONGEST_WAIT:
            raise ValidationError(f"{field} must be between 0 and {LONGEST_WAIT}")
    if len((asked.get("AlarmSpecification") or {}).get("Alarms") or []) > MOST_ALARMS:
        raise ValidationError(f"You can specify up to {MOST_ALARMS} alarms")
