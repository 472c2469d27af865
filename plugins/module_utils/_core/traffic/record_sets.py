# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weighted DNS records: how those of one name and type split the queries, and how other weights are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..base.errors import BluegreenError
from .record_targets import RecordTarget, keeper_of

Fields = Mapping[str, Any]  # a resource record set, as Route 53 returns it and takes it back

# The fields that show that a record set is not routed by weight (ResourceRecordSet in the Route 53 API reference).
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
            raise BluegreenError(f"There is no record {title}. Make it first; a simple one is enough.")
        for each in found:
            if routing := next((OTHER_ROUTING[key] for key in OTHER_ROUTING if each.get(key)), None):
                raise BluegreenError(
                    f"{title} is routed {routing}; a route is a weighted record, or a simple one that becomes weighted."
                )
        if all("SetIdentifier" in each for each in found):
            return cls(zone_id, name, kind, {each["SetIdentifier"]: each for each in found}, simple=False)
        return cls(zone_id, name, kind, {keeper_of(title, found[0], targets): found[0]}, simple=True)

    @property
    def title(self) -> str:
        return _title(self.zone_id, self.name, self.type)

    @property
    def weights(self) -> dict[str, int]:
        """Weights by set identifier. If all are zero, Route 53 splits equally (ResourceRecordSet.Weight)."""
        weights = {identifier: int(each.get("Weight", 100)) for identifier, each in self.sets.items()}
        return weights if any(weights.values()) else dict.fromkeys(weights, 1)

    def given(self, weights: Mapping[str, int], targets: Mapping[str, RecordTarget | None]) -> Records:
        """These weights, and nothing else of the record sets; one that lacks is made of its target.

        A simple record gets a set identifier and a weight, and keeps what it answers.
        """
        if weights == self.weights and not self.simple:
            return self
        made = {name: _made(self, name, targets.get(name)) for name in weights if name not in self.sets}
        standing = {**self.sets, **made}
        sets = {name: {**standing[name], "SetIdentifier": name, "Weight": its} for name, its in weights.items()}
        return replace(self, sets=sets, simple=False)

    def upserts(self) -> list[dict[str, Any]]:
        """Changes that make all of them what they are here, whatever they are by then."""
        return [{"Action": "UPSERT", "ResourceRecordSet": dict(fields)} for fields in self.sets.values()]


@dataclass(frozen=True)
class RecordChange:
    """The record sets of one name and type before and after."""

    before: Records
    after: Records

    def batch(self) -> list[dict[str, Any]]:
        """Changes that Route 53 makes all or none of.

        What is there is deleted, not overwritten: "you must specify all the same values", so whatever somebody else
        has changed since it was read makes Route 53 refuse the whole batch.
        """
        before, after = self.before.sets, self.after.sets
        leaving = [fields for identifier, fields in before.items() if after.get(identifier) != fields]
        coming = [fields for identifier, fields in after.items() if before.get(identifier) != fields]
        return [
            *({"Action": "DELETE", "ResourceRecordSet": dict(fields)} for fields in leaving),
            *({"Action": "CREATE", "ResourceRecordSet": dict(fields)} for fields in coming),
        ]

    def repeated(self) -> list[dict[str, Any]]:
        """Changes that leave everything as it is after the change."""
        return self.after.upserts()


def check_ttls(title: str, ttls: Mapping[str, int]) -> None:
    """A resolver asks again sooner for what lives shorter, so that weights would not be shares.

    Route 53 demands it of records with a TTL of their own, and recommends for these the load balancers' next to their
    aliases (ResourceRecordSet.TTL).
    """
    if len(set(ttls.values())) > 1:
        listed = ", ".join(f"{identifier} {ttl} s" for identifier, ttl in ttls.items())
        raise BluegreenError(
            f"The answers of {title} live for different times: {listed}. Give all of its record sets the same TTL, and "
            f"with an alias of a load balancer {ALIAS_TTL} s."
        )


def own_ttl(fields: Fields) -> int:
    """For how many seconds a resolver may keep the answer; not of an alias of a record in the same zone."""
    return int(fields.get("TTL", ALIAS_TTL))


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
