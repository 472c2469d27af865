# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weighted DNS records: how those of one name and type split the queries, and what a change of their weights is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..base.errors import BluegreenError
from .record_targets import RecordTarget, find_keeper
from .weights import Percents, positive

Fields = Mapping[str, Any]  # a resource record set, as Route 53 returns it and takes it back

# What tells that a record set is routed otherwise than by weight (ResourceRecordSet in the Route 53 API reference).
OTHER_ROUTING = {
    "Region": "by latency",
    "GeoLocation": "by geolocation",
    "GeoProximityLocation": "by geoproximity",
    "CidrRoutingConfig": "by the client's network",
    "Failover": "for failover",
    "MultiValueAnswer": "to several values at once",
    "TrafficPolicyInstanceId": "by a traffic policy",
}
# "the TTL for load balancers" (ResourceRecordSet.TTL, same place), which no alias of one can change.
ALIAS_TTL = 60
# "Changes generally propagate to all Route 53 name servers … within 60 seconds" (ChangeResourceRecordSets).
SYNC_SECONDS = 300


@dataclass(frozen=True)
class Records:
    """``sets`` by set identifier. One that is ``simple`` yet has none: it is under the identifier that it will have."""

    zone_id: str
    name: str
    type: str
    sets: Mapping[str, Fields]
    simple: bool

    @classmethod
    def read(
        cls, zone_id: str, name: str, kind: str, found: Sequence[Fields], targets: Mapping[str, RecordTarget | None]
    ) -> Records:
        """``targets``: what each set identifier that is spoken of answers, as far as that was said."""
        title = _title(zone_id, name, kind)
        if not found:
            raise BluegreenError(f"There is no record {title}. Make it first; a simple one will do.")
        for each in found:
            if routing := next((OTHER_ROUTING[key] for key in OTHER_ROUTING if each.get(key)), None):
                raise BluegreenError(
                    f"{title} is routed {routing}; a route is a weighted record, or a simple one that becomes weighted."
                )
        if all("SetIdentifier" in each for each in found):
            return cls(zone_id, name, kind, {each["SetIdentifier"]: each for each in found}, simple=False)
        return cls(zone_id, name, kind, {find_keeper(title, found[0], targets): found[0]}, simple=True)

    @property
    def title(self) -> str:
        return _title(self.zone_id, self.name, self.type)

    def shares(self) -> dict[str, Fraction]:
        """In percent, by set identifier."""
        return {identifier: share for identifier, share in shares_of(self.sets).items() if share}

    def carries(self, percents: Percents) -> bool:
        return not self.simple and set(percents) <= set(self.sets) and self.shares() == positive(percents)


@dataclass(frozen=True)
class RecordChange:
    """The record sets of one name and type before and after."""

    records: Records
    after: Mapping[str, Fields]

    @property
    def needed(self) -> bool:
        return self.after != self.records.sets

    def batch(self) -> list[dict[str, Any]]:
        """Changes that Route 53 makes all or none of.

        What is there is deleted, not overwritten: "you must specify all the same values", so whatever somebody else
        has changed since it was read makes Route 53 refuse the whole batch.
        """
        before, after = self.records.sets, self.after
        leaving = [fields for identifier, fields in before.items() if after.get(identifier) != fields]
        coming = [fields for identifier, fields in after.items() if before.get(identifier) != fields]
        return [
            *({"Action": "DELETE", "ResourceRecordSet": dict(fields)} for fields in leaving),
            *({"Action": "CREATE", "ResourceRecordSet": dict(fields)} for fields in coming),
        ]

    def repeated(self) -> list[dict[str, Any]]:
        """Changes that leave everything as it is after the change."""
        return [{"Action": "UPSERT", "ResourceRecordSet": dict(fields)} for fields in self.after.values()]

    def undone(self) -> RecordChange:
        return RecordChange(replace(self.records, sets=self.after, simple=False), self.records.sets)


def plan_records(records: Records, percents: Percents, targets: Mapping[str, RecordTarget | None]) -> RecordChange:
    """These weights, and nothing else of the record sets; one that lacks is made of its target.

    A simple record gets a set identifier and a weight, and keeps what it answers.
    """
    for identifier, share in records.shares().items():
        if identifier not in percents:
            raise BluegreenError(
                f"{records.title} also answers {float(share):g} % with {identifier}, which is not among "
                f"{', '.join(percents)}; name it too, or remove it from the record first."
            )
    if records.carries(percents):
        return RecordChange(records, records.sets)
    made = {name: _made(records, name, targets.get(name)) for name in percents if name not in records.sets}
    weighted = {
        name: {**fields, "SetIdentifier": name, "Weight": percents.get(name, 0)}
        for name, fields in {**records.sets, **made}.items()
    }
    return RecordChange(records, weighted)


def plan_records_join(
    records: Records, identifiers: Iterable[str], targets: Mapping[str, RecordTarget | None]
) -> RecordChange:
    """These record sets at weight 0; the shares of the others stay exactly as they are.

    Where all weights are 0, Route 53 splits equally, also with those that join: then the others get weight 1.
    """
    lacking = [identifier for identifier in identifiers if identifier not in records.sets]
    if not lacking and not records.simple:
        return RecordChange(records, records.sets)
    weights = {name: each.get("Weight", 100) for name, each in records.sets.items()}
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    present = {name: {**each, "SetIdentifier": name, "Weight": weights[name]} for name, each in records.sets.items()}
    made = {name: {**_made(records, name, targets.get(name)), "SetIdentifier": name, "Weight": 0} for name in lacking}
    return RecordChange(records, {**present, **made})


def by_zone(changes: Iterable[RecordChange]) -> list[list[RecordChange]]:
    """Those of a zone together, for one batch."""
    zones: dict[str, list[RecordChange]] = {}
    for change in changes:
        zones.setdefault(change.records.zone_id, []).append(change)
    return list(zones.values())


def check_ttls(title: str, ttls: Mapping[str, int]) -> None:
    """A resolver asks again sooner for what lives shorter, so that weights would not be shares.

    Route 53 demands it of records with a TTL of their own, and recommends for these the load balancers' beside their
    aliases (ResourceRecordSet.TTL).
    """
    if len(set(ttls.values())) > 1:
        told = ", ".join(f"{identifier} {ttl} s" for identifier, ttl in ttls.items())
        raise BluegreenError(
            f"The answers of {title} live for different times: {told}. Give all of its record sets the same TTL, "
            f"beside the alias of a load balancer {ALIAS_TTL} s."
        )


def own_ttl(fields: Fields) -> int:
    """For how many seconds a resolver may keep the answer; not of an alias of a record in the same zone."""
    return int(fields.get("TTL", ALIAS_TTL))


def shares_of(sets: Mapping[str, Fields]) -> dict[str, Fraction]:
    """In percent. Weights that are all zero split equally (ResourceRecordSet.Weight); a simple record has none."""
    weights = {identifier: int(each.get("Weight", 1)) for identifier, each in sets.items()}
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    return {identifier: Fraction(100 * weight, sum(weights.values())) for identifier, weight in weights.items()}


def _title(zone_id: str, name: str, kind: str) -> str:
    return f"{kind} {name} (zone {zone_id})"


def _made(records: Records, identifier: str, target: RecordTarget | None) -> Fields:
    present = next(iter(records.sets.values()))
    if target is None:
        raise BluegreenError(
            f"{records.title} has no record set {identifier} (it has: {', '.join(records.sets)}). Say in targets what "
            "it answers, and it is made."
        )
    ttl = next((each["TTL"] for each in records.sets.values() if "TTL" in each), ALIAS_TTL)
    return {"Name": present["Name"], "Type": records.type, **target.fields(ttl)}
