# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an environment is in use, or is used again, so that its Auto Scaling group may not be removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from ..base.arns import is_rule
from ..base.errors import BluegreenError
from ..base.tags import COLOR, RETAIN_UNTIL, RUN, SERVICE, STABLE, tags_of
from ..traffic.references import Reference

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it


class InUseError(BluegreenError):
    """A removal that was right when it began, or seemed so, and is not now."""


@dataclass(frozen=True)
class Surroundings:
    """What shows whether an environment is in use, as a task names it.

    ``target_groups`` are those next to the ones that the group is attached to. The test route does not count.
    ``retain_until`` is the deadline that was read when the removal was decided; None compares nothing.
    """

    target_groups: Sequence[str] = ()
    routes: Sequence[Any] = ()
    test_route: str | None = None
    retain_until: str | None = None


@dataclass(frozen=True)
class Use:
    """What was read at one moment. ``tags`` of its target groups by ARN; ``references`` that may not lead to them;
    ``routes``: the percent that each route in front of load balancers gives this environment, by its title;
    ``healthy``: how many of its targets are."""

    group: Group
    tags: Mapping[str, Mapping[str, str]]
    references: Sequence[Reference] = ()
    routes: Mapping[str, Fraction] = field(default_factory=dict)
    healthy: int = 0

    @property
    def color(self) -> str:
        return tags_of(self.group).get(COLOR, "")

    @property
    def declared(self) -> bool:
        """Whether it was ever said which color is stable."""
        return any(tags.get(STABLE) for tags in self.tags.values())

    def rules(self, around: Surroundings) -> list[Reference]:
        """The rules that are routes or name its target groups, also those that give them nothing now."""
        rules = [each for each in self.references if is_rule(each.arn)]
        return [each for each in rules if each.arn in around.routes or not self.tags.keys().isdisjoint(each.shares)]

    @property
    def referred(self) -> bool:
        return any(each.gives(list(self.tags)) for each in self.references)

    def reasons(self) -> list[str]:
        """Why it has to stay. What nobody has declared and nobody could be served by is a first release that failed."""
        color, service = self.color, tags_of(self.group).get(SERVICE)
        found = []
        if color and any(tags.get(STABLE) == color for tags in self.tags.values()):
            found.append(f"{color} of {service} is stable")
        if self.declared or self.healthy:
            found += [each.message(list(self.tags)) for each in self.references if each.gives(list(self.tags))]
        found += [f"{title} gives it {float(share):g} %" for title, share in self.routes.items() if share]
        return found


@dataclass(frozen=True)
class GroupIdentity:
    """What may not change between the decision to remove a group and the removal. Tags that are absent are empty."""

    arn: str
    retain_until: str
    run: str

    @classmethod
    def read(cls, group: Group) -> GroupIdentity:
        tags = tags_of(group)
        return cls(group.get("AutoScalingGroupARN", ""), same_moment(tags.get(RETAIN_UNTIL, "")), tags.get(RUN, ""))

    @classmethod
    def decided(cls, group: Group, retain_until: str | None) -> GroupIdentity:
        """As it was when its removal was decided."""
        identity = cls.read(group)
        return identity if retain_until is None else replace(identity, retain_until=same_moment(retain_until))

    def changes(self, now: GroupIdentity) -> list[str]:
        found = []
        if now.arn != self.arn:
            found.append("it was deleted and made again")
        if now.retain_until != self.retain_until:
            was, is_now = self.retain_until or "not retained", now.retain_until or "not retained"
            found.append(f"its tag {RETAIN_UNTIL} has changed ({was}, now {is_now})")
        if now.run != self.run:
            found.append(f"another run has taken it up ({RUN}: {now.run or 'none'})")
        return found


def same_moment(text: str) -> str:
    """A moment as it is compared, however it was spelled."""
    with suppress(ValueError):
        return datetime.fromisoformat(text).isoformat()
    return text


def refuse_use(use: Use, decided: GroupIdentity) -> None:
    """An error when the group is in use, or is not what it was when its removal was decided."""
    group = use.group
    if reasons := [*use.reasons(), *decided.changes(GroupIdentity.read(group))]:
        raise InUseError(
            f"{group['AutoScalingGroupName']} is not removed: {'; '.join(reasons)}. Check it with status.yml.",
            reasons=list(reasons),
        )
