# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large an Auto Scaling group is, how small it may become, and the pin that holds it where it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..base.errors import BluegreenError
from ..base.tags import PINNED_MAXIMUM, PINNED_MINIMUM, tags_of

PIN = (PINNED_MINIMUM, PINNED_MAXIMUM)


@dataclass(frozen=True)
class Bounds:
    """What the group's own scaling keeps between, in units of capacity: instances, or their weights."""

    minimum: int
    maximum: int

    def tags(self) -> dict[str, str]:
        return dict(zip(PIN, map(str, (self.minimum, self.maximum)), strict=True))

    def as_data(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class Capacity:
    """``originals`` are the bounds to go back to, while the group is pinned."""

    group: str
    desired: int
    bounds: Bounds
    originals: Bounds | None

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Capacity:
        return cls(
            group=item["AutoScalingGroupName"],
            desired=item["DesiredCapacity"],
            bounds=Bounds(item["MinSize"], item["MaxSize"]),
            originals=originals_of(item),
        )

    def pinned(self, needed: int) -> Capacity:
        """Never below ``needed``. A pin follows what is needed now; the originals stay those of the first pin.

        AWS raises the desired capacity to a higher minimum by itself (UpdateAutoScalingGroup in the API reference), so
        it is foreseen here and never sent: a scale-out between the read and the write is not undone.
        """
        originals = self.originals or self.bounds
        minimum = max(originals.minimum, needed)
        bounds = Bounds(minimum, max(self.bounds.maximum, minimum))
        return replace(self, desired=max(self.desired, minimum), bounds=bounds, originals=originals)

    def released(self) -> Capacity:
        """Exactly the originals. AWS lowers a desired capacity above the maximum to it; else it is the group's own."""
        bounds = self.originals or self.bounds
        return replace(self, desired=min(self.desired, bounds.maximum), bounds=bounds, originals=None)

    def update_to(self, after: Capacity) -> dict[str, int]:
        """The fields of UpdateAutoScalingGroup that differ."""
        fields = {
            "MinSize": (self.bounds.minimum, after.bounds.minimum),
            "MaxSize": (self.bounds.maximum, after.bounds.maximum),
        }
        return {field: wanted for field, (present, wanted) in fields.items() if wanted != present}

    def as_data(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "desired": self.desired,
            **self.bounds.as_data(),
            "pinned": self.originals.as_data() if self.originals else None,
        }


def originals_of(group: Mapping[str, Any]) -> Bounds | None:
    """The bounds that a pinned group had before, from its tags; None when it is not pinned."""
    tags = tags_of(group)
    stored = [tags.get(key) for key in PIN]
    if stored == [None, None]:
        return None
    try:
        minimum, maximum = map(int, filter(None, stored))
    except ValueError:
        said = " and ".join(f"{key}={value}" for key, value in zip(PIN, stored, strict=True))
        raise BluegreenError(
            f"{group['AutoScalingGroupName']} is pinned, but its tags do not say what to go back to: {said}. "
            "Set both tags to the minimum and the maximum that the group is to have, or remove them."
        ) from None
    return Bounds(minimum, maximum)
