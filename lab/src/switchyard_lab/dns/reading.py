# SPDX-License-Identifier: GPL-3.0-or-later
"""The name server's view, read from Route 53 and the load balancers as the API left them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from moto.elbv2.models import FakeLoadBalancer

from ..aws.elbv2.backend import LabELBv2
from ..aws.route53.backend import LabRoute53
from ..aws.route53.records import dns_name
from ..aws.route53.zone import LabZone
from .view import LoadBalancer, View, Zone


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
        # Whether it is inverted counts for one that is disabled, too, which is taken for healthy.
        failing_checks=frozenset(
            check.id
            for backend in names
            for check in backend.health_checks.values()
            if check.inverted != (check.id in backend.failing_checks and not check.disabled)
        ),
    )


def _is_healthy(backend: LabELBv2, balancer: FakeLoadBalancer) -> bool:
    """ "Every target group that contains targets must contain at least one healthy target … A target group that has no
    registered targets is considered unhealthy" (EvaluateTargetHealth)."""
    groups = [backend.group(arn) for arn in backend.groups_of(balancer)]
    filled = [group for group in groups if group.targets]
    return bool(filled) and all(group.has_healthy_target for group in filled)
