# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource record sets as values, spelled as Route 53 keeps and returns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

# Routing policies that the lab keeps and returns, and answers as if all of a name's records had the same weight.
OTHER_POLICIES = (
    "Region",
    "GeoLocation",
    "Failover",
    "MultiValueAnswer",
    "CidrRoutingConfig",
    "GeoProximityLocation",
)


def dns_name(text: str) -> str:
    """ "Route 53 treats www.example.com (without a trailing dot) and www.example.com. (with a trailing dot) as
    identical", and stores letters in lower case, an asterisk by its code (DNS domain name format)."""
    return text.lower().removesuffix(".").replace("*", "\\052") + "."


def listing_key(name: str) -> str:
    """ "Sorts results first by DNS name with the labels reversed … Note the trailing dot": com.example.www."""
    return ".".join(reversed(name.removesuffix(".").split("."))) + "."


def balancer_name(target: str) -> str:
    """Of an alias: the console puts ``dualstack.`` before the name of a load balancer, which answers to it too."""
    return target.removeprefix("dualstack.")


class Key(NamedTuple):
    """What a resource record set is known by."""

    name: str
    type: str
    set_identifier: str | None


@dataclass(frozen=True)
class Alias:
    zone_id: str
    target: str
    evaluates_health: bool


@dataclass(frozen=True)
class RecordSet:
    name: str
    type: str
    set_identifier: str | None = None
    weight: int | None = None
    ttl: int | None = None
    values: tuple[str, ...] = ()
    alias: Alias | None = None
    health_check_id: str | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)  # of OTHER_POLICIES

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """From the spelling of the API."""
        target = raw.get("AliasTarget")
        return cls(
            name=dns_name(raw["Name"]),
            type=raw["Type"],
            set_identifier=raw.get("SetIdentifier"),
            weight=raw.get("Weight"),
            ttl=raw.get("TTL"),
            values=tuple(each["Value"] for each in raw.get("ResourceRecords") or ()),
            alias=target
            and Alias(target["HostedZoneId"], dns_name(target["DNSName"]), bool(target["EvaluateTargetHealth"])),
            health_check_id=raw.get("HealthCheckId"),
            policy={name: raw[name] for name in OTHER_POLICIES if raw.get(name) is not None},
        )

    @property
    def key(self) -> Key:
        return Key(self.name, self.type, self.set_identifier)

    @property
    def listing_key(self) -> tuple[str, str, str]:
        """By reversed name, then type; AWS does not say how it continues."""
        return listing_key(self.name), self.type, self.set_identifier or ""

    @property
    def label(self) -> str:
        """As messages about what is created or deleted name it."""
        identifier = f", set-identifier='{self.set_identifier}'" if self.set_identifier else ""
        return f"[name='{self.name}', type='{self.type}'{identifier}]"

    def has_values_of(self, other: RecordSet) -> bool:
        """ "To delete a resource record set, you must specify all the same values that you specified when you created
        it"; the order of several values does not count."""
        return self._unordered() == other._unordered()

    def _unordered(self) -> tuple[Any, ...]:
        return (*self.key, self.weight, self.ttl, sorted(self.values), self.alias, self.health_check_id, self.policy)

    def described(self) -> dict[str, Any]:
        """In the spelling of the API."""
        target = self.alias and {
            "HostedZoneId": self.alias.zone_id,
            "DNSName": self.alias.target,
            "EvaluateTargetHealth": self.alias.evaluates_health,
        }
        members = {
            "Name": self.name,
            "Type": self.type,
            "SetIdentifier": self.set_identifier,
            "Weight": self.weight,
            **self.policy,
            "TTL": self.ttl,
            "ResourceRecords": [{"Value": value} for value in self.values] or None,
            "AliasTarget": target,
            "HealthCheckId": self.health_check_id,
        }
        return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True)
class Version:
    """The records that the name servers answer with from a time on."""

    since: float
    records: tuple[RecordSet, ...]
