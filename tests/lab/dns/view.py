# SPDX-License-Identifier: GPL-3.0-or-later
"""What the name server must know, read from Route 53 and the load balancers as the API left them.

It is made anew under the lab's lock, and never changed: the name server's thread may look at it at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from moto.elbv2.models import FakeLoadBalancer

from ..aws.elbv2 import LabELBv2
from ..aws.route53 import LabRoute53
from ..aws.route53_records import RecordSet, dns_name
from ..aws.route53_zone import LabZone, Version


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


def read(route53: Iterable[LabRoute53], elbv2: Iterable[LabELBv2]) -> View:
    names = list(route53)
    zones = [cast(LabZone, zone) for backend in names for zone in backend.zones.values()]
    return View(
        zones=tuple(Zone(zone.name, zone.private_zone, zone.versions) for zone in zones),
        load_balancers={
            dns_name(balancer.dns_name): LoadBalancer(balancer.dns_name, _is_healthy(backend, balancer))
            for backend in elbv2
            for balancer in backend.load_balancers.values()
        },
        # What a health check would see is not looked at here: it passes, unless it is told to be inverted.
        failing_checks=frozenset(
            check.id for backend in names for check in backend.health_checks.values() if check.inverted
        ),
    )


def _is_healthy(backend: LabELBv2, balancer: FakeLoadBalancer) -> bool:
    """ "Every target group that contains targets must contain at least one healthy target … A target group that has no
    registered targets is considered unhealthy" (EvaluateTargetHealth)."""
    groups = [backend.group(arn) for arn in backend.groups_of(balancer)]
    filled = [group for group in groups if group.targets]
    return bool(filled) and all(
        any(group.health_of(key, in_use=True).state == "healthy" for key in group.targets) for group in filled
    )
