# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Availability Zones that a group launches in, against those that its load balancers have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.arns import arn_resource
from ..base.errors import BluegreenError

Item = Mapping[str, Any]


def find_foreign_zones(group: Item, subnets: Sequence[Item], balancers: Sequence[Item]) -> list[str]:
    """A target in another zone than its load balancer's is ``unused`` for ever (TargetHealth in the API reference of
    Elastic Load Balancing). ``subnets`` are those of the group, where they were read; it names its zones, too.
    """
    where: dict[str, list[str]] = {zone: [] for zone in group.get("AvailabilityZones", [])}
    for subnet in subnets:
        where.setdefault(subnet["AvailabilityZone"], []).append(subnet["SubnetId"])
    found = []
    for balancer in balancers:
        enabled = {zone["ZoneName"] for zone in balancer["AvailabilityZones"]}
        if foreign := sorted(set(where) - enabled):
            listed = ", ".join(f"{zone}{_named(where[zone])}" for zone in foreign)
            found.append(
                f"{group['AutoScalingGroupName']} launches in {listed}, which load balancer "
                f"{arn_resource(balancer['LoadBalancerArn'])} does not have: targets there get no requests and never "
                "become healthy. Enable the zone for the load balancer, or take its subnet from the group."
            )
    return found


def check_zones(group: Item, balancers: Sequence[Item]) -> None:
    if found := find_foreign_zones(group, [], balancers):
        raise BluegreenError(" ".join(found))


def _named(subnets: Sequence[str]) -> str:
    return f" ({', '.join(subnets)})" if subnets else ""
