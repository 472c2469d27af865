# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment's Auto Scaling group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..bake.approval import Approval
from ..group.capacity import Bounds
from ..group.marks import Marks
from ..targets.members import instances_for


@dataclass(frozen=True)
class Group:
    """An environment's Auto Scaling group.

    ``weights`` are what its instances count towards its capacity, each 1 but in a mixed instances group with weights;
    ``pinned`` are the bounds that it had before it was pinned, ``user_data`` is the fingerprint of its user data.
    ``described`` is the group as DescribeAutoScalingGroups returned it, ``launched`` what it launches.
    """

    name: str
    image_id: str | None
    release: str | None
    instances: Sequence[str]
    weights: Sequence[int]
    desired: int
    minimum: int
    maximum: int
    retain_until: datetime | None
    pinned: Bounds | None
    approval: Approval | None = None
    marks: Marks = field(default_factory=Marks)
    user_data: str = ""
    described: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    launched: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def retention_is_over(self, now: datetime) -> bool:
        """Whether its retention has ended."""
        return self.retain_until is not None and self.retain_until <= now

    def healthy_for(self, capacity: int) -> int:
        """How many healthy targets make up such a capacity, by the weights that its instances have now."""
        return instances_for(capacity, self.weights)
