# SPDX-License-Identifier: GPL-3.0-or-later
"""Zonal shifts of Amazon Application Recovery Controller (ARC), on request: its own API is not here.

A shift is one of a load balancer, or one of an Auto Scaling group; each is a resource of its own for ARC ("Supported
resources" in the ARC developer guide), and must have it enabled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from moto.autoscaling.models import autoscaling_backends
from moto.elbv2.models import elbv2_backends

from .autoscaling.backend import LabAutoScaling
from .autoscaling.group import LabGroup
from .elbv2.backend import LabELBv2
from .elbv2.groups import ENABLED


def change(request: Mapping[str, Any]) -> None:
    """`{"resource": ARN, "zone": "eu-west-1a", or null to end it}`; a resource without zonal shift is a ValueError."""
    resource, zone = str(request["resource"]), request.get("zone")
    for _account, _region, elbv2 in elbv2_backends.iter_backends():
        if balancer := cast(LabELBv2, elbv2).load_balancers.get(resource):
            _check(resource, balancer.attrs.get(ENABLED) == "true")
            balancer.shifted_zone = zone  # type: ignore[attr-defined]  # the lab's own; moto declares it nowhere
            return
    for _account, _region, autoscaling in autoscaling_backends.iter_backends():
        for group in cast(LabAutoScaling, autoscaling).autoscaling_groups.values():
            if group.arn == resource:
                found = cast(LabGroup, group)
                policy = getattr(found, "availability_zone_impairment_policy", None) or {}
                _check(resource, bool(policy.get("ZonalShiftEnabled")))
                found.shifted_zone = zone
                return
    raise ValueError(f"no load balancer or Auto Scaling group {resource!r}")


def _check(resource: str, enabled: bool) -> None:
    if not enabled:
        raise ValueError(f"zonal shift is not enabled for {resource}")
