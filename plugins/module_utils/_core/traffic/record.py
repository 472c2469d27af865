# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as routes: how a person describes them, and how they split the traffic between environments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from ..base.errors import BluegreenError
from .api_call import ApiCall
from .record_sets import Fields, Records
from .record_targets import RecordTarget, as_text
from .route import Change, Environments, Route

COMMENT = "traffic returned by a schedule of switchyard.bluegreen"  # for those who read the history of the zone
TYPES = ("A", "AAAA", "CNAME")
KEYS = {"zone": str, "name": str, "type": str, "private_zone": bool, "set_identifiers": dict, "targets": dict}


@dataclass(frozen=True)
class RecordDefinition:
    """``set_identifiers`` by color; ``targets``: what each set identifier answers, as far as that is given."""

    described: ClassVar[str] = "a mapping that describes a DNS record"
    in_front: ClassVar[bool] = True

    zone: str
    name: str
    type: str
    private_zone: bool | None
    set_identifiers: Mapping[str, str]
    targets: Mapping[str, RecordTarget | None]

    @classmethod
    def parse(cls, given: Any) -> Self | None:
        if not isinstance(given, Mapping) or not set(given) & {"zone", "name"}:
            return None
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
        identifiers = parse_identifiers(given.get("set_identifiers") or {"blue": "blue", "green": "green"}, said)
        targets = {name: parse_target(name, given.get("targets", {}).get(c)) for c, name in identifiers.items()}
        return cls(given["zone"], given["name"], kind, given.get("private_zone"), identifiers, targets)

    @property
    def title(self) -> str:
        return f"{self.type} {self.name} (zone {self.zone})"


@dataclass(frozen=True)
class RecordRoute(Route):
    """Records as they stand."""

    highest: ClassVar[int] = 255  # ResourceRecordSet.Weight

    definition: RecordDefinition
    records: Records
    ttl_seconds: int

    @property
    def title(self) -> str:
        return self.records.title

    @property
    def weights(self) -> Mapping[str, int]:
        return self.records.weights

    def leading(self, environments: Environments) -> Self:
        identifiers = self.definition.set_identifiers
        if strange := [each for each in environments if each not in identifiers]:
            raise BluegreenError(
                f"{self.title} is a DNS record, whose weights are given by color: blue and green; given: "
                f"{', '.join(strange)}. Or name the target groups of each color in target_groups."
            )
        return replace(self, own=dict(identifiers))

    def given(self, weights: Mapping[str, int], _stickiness_seconds: int | None = None) -> Self:
        return replace(self, records=self.records.given(weights, self.definition.targets))

    def seen(self, sets: Mapping[str, Fields]) -> Self:
        """The same route with the record sets that were found when it was read again."""
        return replace(self, records=replace(self.records, sets=sets, simple=False))

    @property
    def call(self) -> ApiCall:
        batch = {"Comment": COMMENT, "Changes": self.records.upserts()}
        return ApiCall(
            "route53", "changeResourceRecordSets", {"HostedZoneId": self.records.zone_id, "ChangeBatch": batch}
        )

    def as_data(self) -> dict[str, Any]:
        records = self.records
        return {
            **super().as_data(),
            "zone_id": records.zone_id,
            "name": records.name,
            "type": records.type,
            "ttl_seconds": self.ttl,
        }

    @property
    def ttl(self) -> int:
        return self.ttl_seconds


def leaving(change: Change[RecordRoute]) -> Change[RecordRoute]:
    """The same shares, but a record set that loses all of its weight is deleted, and not written with weight 0."""
    before, after = change.before.weights, change.after.weights
    records = change.after.records
    sets = {name: its for name, its in records.sets.items() if after[name] or not before.get(name)}
    return Change(change.before, replace(change.after, records=replace(records, sets=sets)))


def parse_identifiers(given: Mapping[str, Any], said: str) -> dict[str, str]:
    """Set identifiers by color. YAML reads ``1`` as a number, and ``on`` as true; nobody knows how the latter was
    written."""
    named = {color: each for color, each in given.items() if isinstance(each, str | int)}
    texts = {color: str(each) for color, each in named.items() if not isinstance(each, bool)}
    if set(texts) != {"blue", "green"} or len(set(texts.values())) != len(given):
        raise BluegreenError(f"set_identifiers names one for blue and another for green, both as text; given: {said}.")
    return texts


def parse_target(identifier: str, given: Any) -> RecordTarget | None:
    """None where nothing is given."""
    if given is not None and not isinstance(given, Mapping):
        raise BluegreenError(f"What {identifier} answers is a mapping with values or an alias; given: {given}.")
    return RecordTarget.parse(identifier, given) if given else None
