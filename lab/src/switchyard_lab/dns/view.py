# SPDX-License-Identifier: GPL-3.0-or-later
"""What the name server must know. It is made again and never changed, so that its thread may look at it at any time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..aws.route53.records import RecordSet, Version


@dataclass(frozen=True)
class Zone:
    name: str
    private: bool
    versions: tuple[Version, ...]  # in the order of their times

    def holds(self, name: str) -> bool:
        return f".{name}".endswith(f".{self.name}")

    def records(self, now: float) -> tuple[RecordSet, ...]:
        return next((version.records for version in reversed(self.versions) if version.since <= now), ())


@dataclass(frozen=True)
class LoadBalancer:
    address: str
    healthy: bool


@dataclass(frozen=True)
class View:
    zones: tuple[Zone, ...] = ()
    load_balancers: Mapping[str, LoadBalancer] = field(default_factory=dict)  # by their DNS names
    failing_checks: frozenset[str] = frozenset()

    def zone_of(self, name: str) -> Zone | None:
        """The most specific one; of two with the same name, what is private comes first in a VPC."""
        holding = [zone for zone in self.zones if zone.holds(name)]
        return max(holding, key=lambda zone: (len(zone.name), zone.private), default=None)
