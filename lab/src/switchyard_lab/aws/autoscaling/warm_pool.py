# SPDX-License-Identifier: GPL-3.0-or-later
"""A warm pool: instances that have been started before they are needed, next to the group.

Sizes as PutWarmPool documents them, states and limits as the user guide does ("Warm pools for Amazon EC2 Auto Scaling",
"Using lifecycle hooks with a warm pool").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from moto.autoscaling.exceptions import ValidationError

PREFIX = "Warmed:"
READY = ("Warmed:Stopped", "Warmed:Running", "Warmed:Hibernated")
UNSET = -1


@dataclass(frozen=True)
class WarmPool:
    """As described; the attribute names are what moto's serializer derives from AWS's."""

    max_group_prepared_capacity: int | None = None
    min_size: int = 0
    pool_state: str = "Stopped"
    instance_reuse_policy: Mapping[str, bool] | None = None
    status: str | None = None

    def changed(self, **fields: Any) -> Self:
        """What is not given stays; a prepared capacity of -1 takes away the one that was given."""
        pool = replace(self, **{key: value for key, value in fields.items() if value is not None})
        return replace(pool, max_group_prepared_capacity=None) if pool.max_group_prepared_capacity == UNSET else pool

    @property
    def leaving(self) -> Self:
        return replace(self, status="PendingDelete")

    @property
    def reuses(self) -> bool:
        """Whether it takes back what the group scales in."""
        return bool((self.instance_reuse_policy or {}).get("ReuseOnScaleIn")) and not self.status

    def size(self, desired: int, maximum: int) -> int:
        """What is prepared beyond the desired capacity, up to the group's maximum unless told otherwise."""
        prepared = maximum if self.max_group_prepared_capacity is None else self.max_group_prepared_capacity
        return 0 if self.status else max(prepared - desired, self.min_size)


def check_policy(mixed_instances_policy: Mapping[str, Any] | None) -> None:
    """A group with a pool has On-Demand instances only, and no weights."""
    policy = mixed_instances_policy or {}
    if any("WeightedCapacity" in each for each in policy.get("LaunchTemplate", {}).get("Overrides", [])):
        raise ValidationError("Warm pools are not supported for groups that use instance weighting")
    if int(policy.get("InstancesDistribution", {}).get("OnDemandPercentageAboveBaseCapacity", 100)) < 100:
        raise ValidationError("Warm pools are not supported for groups that launch Spot Instances")
