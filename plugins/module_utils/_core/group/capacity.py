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
class BoundJournal:
    """One bound of a pinned group, as a tag keeps it: its ``own`` value and, after that, what pins have made of it.

    The own value alone, as a person writes it, is restored whatever the bound is by then.
    """

    own: int
    held: tuple[int, ...] = ()

    @classmethod
    def read(cls, text: str) -> BoundJournal:
        own, *held = map(int, text.split())
        return cls(own, tuple(held))

    def __str__(self) -> str:
        return " ".join(map(str, (self.own, *self.held)))

    def own_now(self, present: int) -> int:
        """A value that no pin has written is somebody else's, who has changed the bound since."""
        return self.own if not self.held or present in self.held else present

    def holding(self, present: int, wanted: int) -> BoundJournal:
        """Before ``wanted`` is written. A run that dies in between leaves the present value, so both are a pin's."""
        own = self.own_now(present)
        if own == self.own and (not self.held or wanted in (own, *self.held)):
            return self
        return BoundJournal(own, (wanted,) if present == own else (present, wanted))


@dataclass(frozen=True)
class PinJournal:
    minimum: BoundJournal
    maximum: BoundJournal

    @classmethod
    def begin(cls, own: Bounds, wanted: Bounds) -> PinJournal:
        return cls(BoundJournal(own.minimum, (wanted.minimum,)), BoundJournal(own.maximum, (wanted.maximum,)))

    @classmethod
    def read(cls, group: Mapping[str, Any]) -> PinJournal | None:
        """None when the group is not pinned."""
        tags = tags_of(group)
        stored = [tags.get(key) for key in PIN]
        if stored == [None, None]:
            return None
        try:
            return cls(*(BoundJournal.read(text or "") for text in stored))
        except ValueError:
            said = " and ".join(f"{key}={value}" for key, value in zip(PIN, stored, strict=True))
            raise BluegreenError(
                f"{group['AutoScalingGroupName']} is pinned, but its tags do not say what to go back to: {said}. "
                "Set both tags to the minimum and the maximum that the group is to have, or remove them."
            ) from None

    def tags(self) -> dict[str, str]:
        return dict(zip(PIN, map(str, (self.minimum, self.maximum)), strict=True))

    def own(self, present: Bounds) -> Bounds:
        minimum = self.minimum.own_now(present.minimum)
        return Bounds(minimum, max(minimum, self.maximum.own_now(present.maximum)))

    def holding(self, present: Bounds, wanted: Bounds) -> PinJournal:
        return PinJournal(
            self.minimum.holding(present.minimum, wanted.minimum), self.maximum.holding(present.maximum, wanted.maximum)
        )


@dataclass(frozen=True)
class Capacity:
    """``journal`` says what the bounds go back to, while the group is pinned."""

    group: str
    desired: int
    bounds: Bounds
    journal: PinJournal | None

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Capacity:
        return cls(
            group=item["AutoScalingGroupName"],
            desired=item["DesiredCapacity"],
            bounds=Bounds(item["MinSize"], item["MaxSize"]),
            journal=PinJournal.read(item),
        )

    @property
    def own(self) -> Bounds:
        """Without the pin."""
        return self.journal.own(self.bounds) if self.journal else self.bounds

    def pinned(self, needed: int) -> Capacity:
        """Never below ``needed``. A pin follows what is needed now; the own bounds stay those from before the first
        pin, or what somebody else has made of them since.

        AWS raises the desired capacity to a higher minimum by itself (UpdateAutoScalingGroup in the API reference), so
        it is foreseen here and never sent: a scale-out between the read and the write is not undone.
        """
        minimum = max(self.own.minimum, needed)
        bounds = Bounds(minimum, max(self.bounds.maximum, minimum))
        held, journal = self.bounds, self.journal
        journal = journal.holding(held, bounds) if journal else PinJournal.begin(held, bounds)
        return replace(self, desired=max(self.desired, minimum), bounds=bounds, journal=journal)

    def released(self) -> Capacity:
        """With its own bounds. AWS lowers a desired capacity above the maximum to it; else it is the group's own."""
        return replace(self, desired=min(self.desired, self.own.maximum), bounds=self.own, journal=None)

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
            "pinned": self.own.as_data() if self.journal else None,
        }


def originals_of(group: Mapping[str, Any]) -> Bounds | None:
    """The bounds that a pinned group goes back to; None when it is not pinned."""
    capacity = Capacity.read(group)
    return capacity.own if capacity.journal else None
