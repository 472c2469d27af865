# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as routes of a service: how they are said, and how they split the traffic between its target groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from .record_sets import Fields, RecordChange, Records, plan_records, plan_records_join, shares_of
from .record_targets import RecordTarget, as_text
from .weights import Percents, foreign, refuse_traffic, rounded

MAXIMUM_WEIGHT = 255  # ResourceRecordSet.Weight
TYPES = ("A", "AAAA", "CNAME")
KEYS = {"zone": str, "name": str, "type": str, "private_zone": bool, "set_identifiers": dict, "targets": dict}


@dataclass(frozen=True)
class RecordName:
    """Which records are meant. ``targets``: what each set identifier answers, as far as that is said."""

    zone: str
    name: str
    type: str
    private_zone: bool | None
    targets: Mapping[str, RecordTarget | None]


@dataclass(frozen=True)
class RecordDefinition:
    """A record route as a person says it."""

    record: RecordName
    set_identifiers: Mapping[str, str]  # by color

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> RecordDefinition:
        said = as_text(given)
        strange = [key for key, value in given.items() if not isinstance(value, KEYS.get(key, ()))]
        if strange or not (given.get("zone") and given.get("name")):
            raise BluegreenError(
                "A route that is a DNS record has a zone and a name, and may have a type, private_zone (true or "
                f"false), and by color set_identifiers and targets; given: {said}."
            )
        kind = given.get("type", "A")
        if kind not in TYPES:
            raise BluegreenError(f"A route is a record of type {', '.join(TYPES)}; given: {said}.")
        identifiers = given.get("set_identifiers") or {"blue": "blue", "green": "green"}
        if set(identifiers) != {"blue", "green"} or len(set(identifiers.values())) != len(identifiers):
            raise BluegreenError(f"set_identifiers names one for blue and another for green; given: {said}.")
        targets = {name: parse_target(name, given.get("targets", {}).get(c)) for c, name in identifiers.items()}
        record = RecordName(given["zone"], given["name"], kind, given.get("private_zone"), targets)
        return cls(record, identifiers)


@dataclass(frozen=True)
class RecordRoute:
    """Records as they stand. ``groups``: the target group ARNs by color that they are to lead to."""

    definition: RecordDefinition
    records: Records
    ttl: int
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.records.title

    def identifier(self, group: str) -> str:
        """What stands for a target group."""
        for color, arn in self.groups.items():
            if arn == group:
                return self.definition.set_identifiers[color]
        own = " or ".join(map(target_group_name, self.groups.values()))
        raise BluegreenError(
            f"{self.title} leads to {own}, and not to target group {target_group_name(group)}; a service has two."
        )

    def shares(self) -> dict[str, Fraction]:
        return {group: share for group, share in self._by_group(self.records.sets).items() if share}

    def as_data(self, sets: Mapping[str, Fields] | None = None) -> dict[str, Any]:
        """With the ``sets`` that it will have, if others than it has."""
        records = self.records
        return {
            "zone_id": records.zone_id,
            "name": records.name,
            "type": records.type,
            "weights": rounded(self._by_group(records.sets if sets is None else sets)),
            "ttl_seconds": self.ttl,
        }

    def _by_group(self, sets: Mapping[str, Fields]) -> dict[str, Fraction]:
        """What stands for no target group is named by its set identifier."""
        groups = {self.identifier(group): group for group in self.groups.values()}
        return {groups.get(identifier, identifier): share for identifier, share in shares_of(sets).items()}

    def percents(self, percents: Percents) -> dict[str, int]:
        """By set identifier."""
        return {self.identifier(group): percent for group, percent in percents.items()}


def lead_to(groups: Mapping[str, str], records: Sequence[RecordRoute]) -> list[RecordRoute]:
    """The same records, in front of these target groups: ARNs by color."""
    return [replace(record, groups=groups) for record in records]


def plan_record_weights(route: RecordRoute, percents: Percents) -> RecordChange:
    return plan_records(route.records, route.percents(percents), route.definition.record.targets)


def plan_record_join(route: RecordRoute, groups: Sequence[str]) -> RecordChange:
    refuse_traffic(route, groups)
    identifiers = [route.identifier(group) for group in groups]
    return plan_records_join(route.records, identifiers, route.definition.record.targets)


def plan_record_return(route: RecordRoute, stable: str, candidate: str, weight: int) -> RecordChange:
    """``weight`` for stable, and the rest for the candidate, as far as there are records for it."""
    records, percents = route.records, route.percents({stable: weight, candidate: 100 - weight})
    if route.identifier(stable) not in records.sets:
        raise BluegreenError(
            f"{records.title} has no record set {route.identifier(stable)}, which is stable's; it has "
            f"{', '.join(records.sets)}."
        )
    if records.simple:
        return RecordChange(records, records.sets)
    if foreign(route, stable, candidate):
        return RecordChange(records, _handed_over(route, stable, candidate) if weight == 100 else records.sets)
    return plan_records(records, {each: percents[each] for each in percents if each in records.sets}, {})


def _handed_over(route: RecordRoute, stable: str, candidate: str) -> dict[str, Fields]:
    """Stable's record set with the candidate's weight on top; those of others keep theirs."""
    sets = dict(route.records.sets)
    receiver, giver = route.identifier(stable), route.identifier(candidate)
    if giver in sets:
        both = int(sets[receiver]["Weight"]) + int(sets[giver]["Weight"])
        sets |= {receiver: {**sets[receiver], "Weight": min(MAXIMUM_WEIGHT, both)}, giver: {**sets[giver], "Weight": 0}}
    return sets


def parse_target(identifier: str, given: Any) -> RecordTarget | None:
    """None where nothing is said."""
    if given is not None and not isinstance(given, Mapping):
        raise BluegreenError(f"What {identifier} answers is a mapping with values or an alias; given: {given}.")
    return RecordTarget.parse(identifier, given) if given else None


def parse_routes(given: Sequence[Any]) -> tuple[list[str], list[RecordDefinition]]:
    """The ARNs of listeners and rules, and the records."""
    arns = [each for each in given if isinstance(each, str)]
    records = [each for each in given if isinstance(each, Mapping)]
    if len(arns) + len(records) < len(given):
        raise BluegreenError(f"A route is an ARN, or a mapping that describes a DNS record; given: {given}.")
    return arns, [RecordDefinition.parse(each) for each in records]
