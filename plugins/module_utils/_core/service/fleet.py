# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of a region, found by their tags, as an inventory lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from ..base.groups import is_being_deleted
from ..base.tags import COLOR, RELEASE, RETAIN_UNTIL, SERVICE, TEST_ROUTE, tags_of
from ..base.works import TEARDOWN
from ..history.outcome import read_outcomes
from ..lease.contest import Holder
from ..traffic.pairs import COLORS, Color, other
from ..traffic.references import Reference
from .freeze import find_freeze
from .phases import phase_of
from .stable import TargetGroups, find_declared

Tags = Mapping[str, Mapping[str, str]]  # by ARN


@dataclass(frozen=True)
class Region:
    """``tags`` of target groups, and of the listeners and rules in ``references``, that forward to them; ``groups`` are
    Auto Scaling groups, as DescribeAutoScalingGroups returns them."""

    tags: Tags
    references: Sequence[Reference]
    groups: Sequence[Mapping[str, Any]]

    def services(self) -> list[TaggedService]:
        owned: dict[str, dict[Color, list[str]]] = {}
        for arn, its in self.tags.items():
            if its.get(SERVICE) and its.get(COLOR) in COLORS and ":targetgroup/" in arn:
                owned.setdefault(its[SERVICE], {}).setdefault(its[COLOR], []).append(arn)
        return [self._service(name, owned[name]) for name in sorted(owned)]

    def _service(self, name: str, target_groups: TargetGroups) -> TaggedService:
        own = {arn for arns in target_groups.values() for arn in arns}
        return TaggedService(
            name,
            target_groups,
            {arn: self.tags[arn] for arn in own},
            [each for each in self.references if own & set(each.shares) and not self._is_test_route(each)],
            {each.arn for each in self.references if self.tags.get(each.arn, {}).get(SERVICE) == name},
            {
                tags_of(group).get(COLOR, ""): group
                for group in self.groups
                if tags_of(group).get(SERVICE) == name and not is_being_deleted(group)
            },
        )

    def _is_test_route(self, reference: Reference) -> bool:
        return TEST_ROUTE in self.tags.get(reference.arn, {})


@dataclass(frozen=True)
class TaggedService:
    """One service. ``references`` forward to its target groups and are no test routes, as far as a tag says so;
    ``tagged`` are those that carry the service's tag."""

    name: str
    target_groups: TargetGroups
    tags: Tags
    references: Sequence[Reference]
    tagged: Iterable[str]
    groups: Mapping[Color, Mapping[str, Any]]

    @cached_property
    def pairs(self) -> list[tuple[str, str]] | None:
        """Blue and green that take each other's place: in one route, or by names that differ in the color only."""
        if set(self.target_groups) != set(COLORS):
            return None
        blues, greens = (self.target_groups[color] for color in COLORS)
        if len(blues) == len(greens) == 1:
            return [(blues[0], greens[0])]
        pairs = [(blue, green) for blue in sorted(blues) for green in greens if self._are_pair(blue, green)]
        counts = Counter(arn for pair in pairs for arn in pair)
        whole = len(pairs) == len(blues) == len(greens) and set(counts.values()) == {1}
        return pairs if whole else None

    def _are_pair(self, blue: str, green: str) -> bool:
        shared = any({blue, green} <= set(each.shares) for each in self.references)
        names = [target_group_name(arn).replace(color, "") for color, arn in zip(COLORS, (blue, green), strict=True)]
        return shared or names[0] == names[1]

    @cached_property
    def routes(self) -> list[Reference] | None:
        """What splits its traffic between the environments; None where that is not known.

        Listeners and rules that carry the tag of the service; without any, the only one that has both of a pair in it.
        A test route that somebody else has made has both in it as well, and nothing in it says that it is one.
        """
        if tagged := [each for each in self.references if each.arn in self.tagged]:
            return tagged
        splitting = [self._splitting(pair) for pair in self.pairs or []]
        if not splitting or any(len(each) != 1 for each in splitting):
            return None
        return [each[0] for each in splitting]

    def _splitting(self, pair: Sequence[str]) -> list[Reference]:
        return [each for each in self.references if set(pair) <= set(each.shares)]

    @property
    def stable(self) -> Color | None:
        return find_declared(self.target_groups, self.tags)

    @property
    def phase(self) -> str | None:
        """As status.yml shows it; None where that is not known."""
        if self.stable is None:
            return None
        candidate = other(self.stable)
        own = self.target_groups.get(candidate, [])
        split = [bool(each.gives(own)) for each in self.routes or self.references]
        if not split or (self.routes is None and len(set(split)) > 1):
            return None
        group = self.groups.get(candidate)
        return phase_of(shifting=any(split), waits=group is not None and RETAIN_UNTIL not in tags_of(group))

    def warnings(self) -> list[str]:
        found = []
        if self.pairs is None:
            listed = ", ".join(sorted(map(target_group_name, self.tags)))
            found.append(
                f"Which target groups of {self.name} pair as blue and green is not known ({listed}). Set "
                "bluegreen_target_groups in its host_vars."
            )
        several = [each for pair in self.pairs or [] for each in self._splitting(pair)]
        if self.routes is None and several:
            listed = ", ".join(f"{each.name} ({each.arn})" for each in several)
            found.append(
                f"Which of these splits the traffic of {self.name} is not known: {listed}. Tag it with "
                f"{SERVICE}={self.name}, or set bluegreen_routes in its host_vars."
            )
        return found

    def variables(self) -> dict[str, Any]:
        """Those of a definition that AWS knows."""
        place: dict[str, Any] = {"bluegreen_service": self.name}
        if self.pairs:
            named = dict(zip(COLORS, map(list, zip(*self.pairs, strict=True)), strict=True))
            place["bluegreen_target_groups"] = {
                color: arns[0] if len(arns) == 1 else arns for color, arns in named.items()
            }
        if self.routes:
            place["bluegreen_routes"] = [each.arn for each in self.routes]
        return place

    def as_data(self, holder: Holder | None, now: datetime) -> dict[str, Any]:
        """The service and how it stands, as the inventory of services has it."""
        freeze, outcomes = find_freeze(self.tags.values()), read_outcomes(self.tags.values())
        # A teardown ends well whether or not the release before it did.
        last = next((each for each in outcomes if each.doing != TEARDOWN), None)
        return {
            "service": self.name,
            "stable": self.stable,
            "candidate": other(self.stable) if self.stable else None,
            "phase": self.phase,
            "frozen": freeze.as_data() if freeze and freeze.holds(now) else None,
            "lease": holder.as_data(now) if holder else None,
            "last": last.as_data() if last else None,
            "environments": {color: _shown(self.groups.get(color)) for color in COLORS},
        }


def _shown(group: Mapping[str, Any] | None) -> dict[str, str | None]:
    if group is None:
        return {"release": None, "group": None}
    return {"release": tags_of(group).get(RELEASE), "group": group["AutoScalingGroupName"]}


def host_name(seen: Mapping[str, Any], parts: Sequence[str]) -> str:
    return "-".join(str(seen[part]) for part in parts)


def check_names(names: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """``names``: the services by the name of their host. Two on one host would be released as one."""
    for name, services in names.items():
        if len(services) > 1:
            places = ", ".join(f"{each['region']} of account {each['account']}" for each in services)
            raise BluegreenError(
                f"Several services would be host {name}: {places}. Name hosts by more, such as "
                "hostname: [service, region, account]."
            )
