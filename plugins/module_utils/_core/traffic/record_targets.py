# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a record set answers: values, or an alias, such as a load balancer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from .zones import canonical

Fields = Mapping[str, Any]  # a resource record set, as Route 53 returns it and takes it back

OPTIONS = {
    "values": list,
    "alias": str,
    "alias_zone_id": str,
    "evaluate_target_health": bool,
    "health_check_id": str,
}


@dataclass(frozen=True)
class RecordTarget:
    """Either ``values``, or the name of an ``alias`` and the zone that this is in."""

    values: Sequence[str]
    alias: str | None
    alias_zone_id: str | None
    evaluate_target_health: bool
    health_check_id: str | None

    @classmethod
    def parse(cls, identifier: str, given: Mapping[str, Any]) -> RecordTarget:
        strange = [key for key, value in given.items() if not isinstance(value, OPTIONS.get(key, ()))]
        aliased = [key for key in ("alias", "alias_zone_id") if given.get(key)]
        if strange or len(aliased) == 1 or bool(aliased) == bool(given.get("values")):
            raise BluegreenError(
                f"{identifier} answers either values, a list, or an alias with its alias_zone_id; "
                f"evaluate_target_health is true or false, and there may be a health_check_id. Given: {as_text(given)}."
            )
        return cls(
            values=given.get("values", []),
            alias=given.get("alias"),
            alias_zone_id=given.get("alias_zone_id"),
            evaluate_target_health=given.get("evaluate_target_health", False),
            health_check_id=given.get("health_check_id"),
        )

    def fields(self, ttl: int) -> dict[str, Any]:
        """As Route 53 takes it; an alias has no TTL of its own."""
        checked = {"HealthCheckId": self.health_check_id} if self.health_check_id else {}
        if self.alias:
            alias = {
                "HostedZoneId": self.alias_zone_id,
                "DNSName": self.alias,
                "EvaluateTargetHealth": self.evaluate_target_health,
            }
            return {"AliasTarget": alias, **checked}
        return {"TTL": ttl, "ResourceRecords": [{"Value": value} for value in self.values], **checked}

    def is_of(self, fields: Fields) -> bool:
        """Whether the record set answers the same."""
        if self.alias:
            return balancer_name(fields.get("AliasTarget", {}).get("DNSName", "")) == balancer_name(self.alias)
        found = {canonical(each["Value"]) for each in fields.get("ResourceRecords", [])}
        return found == set(map(canonical, self.values))


def as_text(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in given.items()) or "nothing"


def balancer_name(alias: str) -> str:
    """The console puts ``dualstack.`` before a load balancer's name; it is the same load balancer without."""
    return canonical(alias).removeprefix("dualstack.")


def keeper_of(title: str, simple: Fields, targets: Mapping[str, RecordTarget | None]) -> str:
    """Whose a simple record is: the one that answers the same, or else the only one of which nothing is said."""
    same = [identifier for identifier, target in targets.items() if target and target.is_of(simple)]
    unsaid = [identifier for identifier, target in targets.items() if target is None]
    keepers = same or unsaid
    if len(keepers) != 1:
        raise BluegreenError(
            f"{title} is a simple record; which of {' and '.join(targets)} is it? Say in targets what the others "
            "answer."
        )
    return keepers[0]
