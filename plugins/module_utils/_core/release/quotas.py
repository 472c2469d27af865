# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate's group takes of an account's quotas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.arns import load_balancer_of
from ..base.errors import BluegreenError
from ..launch.instance_types import InstanceType
from ..launch.sources import overrides_of

ON_DEMAND, SPOT = "on-demand", "spot"
STANDARD = "acdhimrtz"  # first letters of the families that share one quota
# Quota codes of service ec2 by family: Running On-Demand instances, All Spot Instance Requests. In vCPUs.
CODES = {
    "standard": {ON_DEMAND: "L-1216C47A", SPOT: "L-34B43A08"},
    "g": {ON_DEMAND: "L-DB2E81BA", SPOT: "L-3819A6DF"},
    "p": {ON_DEMAND: "L-417A185B"},
}
OWN_FAMILIES = {"g": "g", "vt": "g", "p": "p"}
# AWS's own quotas begin at 500, per zone of a Network Load Balancer, and are adjusted upwards (Quotas for your Network
# Load Balancers, in its user guide; 1,000 for an Application Load Balancer).
FEW_TARGETS = 250
OTHER = {"dl", "hpc", "inf", "mac", "trn"}  # not standard, whatever they begin with


@dataclass(frozen=True)
class Quota:
    """``used`` is None when AWS does not return it."""

    name: str
    most: float
    used: float | None

    def lacks(self, sized: str, needed: int, running: int) -> list[str]:
        """``running`` is what the live group takes, and so is in use at least, of as many ``needed`` once more."""
        used = max(self.used or 0, running)
        if used + needed <= self.most:
            return []
        return [
            f"{sized} needs {needed} vCPUs, {used:g} are in use, and the quota "
            f"{self.name} allows {self.most:g}. Request a higher quota from AWS, or reduce the use of it."
        ]


def code_of(instance_type: str, market: str) -> str | None:
    family = re.match("[a-z]*", instance_type)
    letters = family.group() if family else ""
    if letters in OTHER or not letters:
        return None
    name = OWN_FAMILIES.get(letters) or ("standard" if letters[0] in STANDARD else "")
    return CODES.get(name, {}).get(market)


def markets_of(group: Mapping[str, Any], data: Mapping[str, Any], desired: int) -> set[str]:
    """A mixed instances policy decides it for so much capacity, or else what is launched (``data``) says it.

    Above the base all is On-Demand by default (InstancesDistribution in the API reference).
    """
    if policy := group.get("MixedInstancesPolicy"):
        distribution = policy.get("InstancesDistribution", {})
        base = distribution.get("OnDemandBaseCapacity", 0)
        percent = distribution.get("OnDemandPercentageAboveBaseCapacity", 100)
        if percent == 100 or base >= desired:
            return {ON_DEMAND}
        return {ON_DEMAND, SPOT} if base or percent else {SPOT}
    asked = data.get("InstanceMarketOptions", {}).get("MarketType") == SPOT or data.get("SpotPrice")
    return {SPOT if asked else ON_DEMAND}


def quota_of(sized: str, types: Sequence[str], markets: set[str]) -> str:
    """The code of the one quota that all instances of a group count under; an error says why there is none.

    How AWS would divide a group between quotas is not known beforehand, so nothing could be proven.
    """
    codes = {each: {code_of(each, market) for market in markets} for each in types}
    unknown = sorted(each for each, found in codes.items() if None in found)
    several = {str(code) for found in codes.values() for code in found if code}
    if not types:
        why = "it names no instance type"
    elif unknown:
        why = f"which one counts for {', '.join(unknown)} ({' and '.join(sorted(markets))}) is not known here"
    elif len(markets) > 1:
        why = "it has On-Demand Instances and Spot Instances, which have quotas of their own"
    elif len(several) > 1:
        why = f"its instance types have several ({', '.join(sorted(several))})"
    else:
        return several.pop()
    raise BluegreenError(f"{sized} has no single quota of vCPUs to compare with: {why}.")


def vcpus_at_least(group: Mapping[str, Any], desired: int, types: Sequence[InstanceType]) -> int:
    """What so much capacity takes if it is made of the type that takes least; a weight counts as this many units."""
    weights = {each.get("InstanceType"): int(each.get("WeightedCapacity") or 1) for each in overrides_of(group)}
    return min(
        (-(-desired // weights.get(each["InstanceType"], 1)) * int(each["VCpuInfo"]["DefaultVCpus"]) for each in types),
        default=0,
    )


def no_group_left(limits: Mapping[str, Any]) -> list[str]:
    most, used = limits["MaxNumberOfAutoScalingGroups"], limits["NumberOfAutoScalingGroups"]
    if used < most:
        return []
    return [
        f"The account has {used} Auto Scaling groups in this region, and may have {most}; the release needs one more."
    ]


def too_few_addresses(sized: str, needed: int, subnets: Sequence[Mapping[str, Any]]) -> list[str]:
    """Auto Scaling tries another zone when it can't launch in one, so it is the sum that counts."""
    free = sum(subnet["AvailableIpAddressCount"] for subnet in subnets)
    if free >= needed:
        return []
    listed = ", ".join(f"{subnet['SubnetId']} {subnet['AvailableIpAddressCount']}" for subnet in subnets)
    return [f"{sized} needs {needed} addresses; its subnets have {free} free ({listed})."]


def too_many_targets(routes: Sequence[str], targets: int, limits: Mapping[str, int]) -> list[str]:
    """Findings about load balancers that would have too many targets, with those of all groups at the same time.
    What else is registered there is not counted."""
    found = []
    for balancer in dict.fromkeys(map(load_balancer_of, routes)):
        kind = "network" if ":loadbalancer/net/" in balancer else "application"
        most = limits.get(f"targets-per-{kind}-load-balancer")
        if most is not None and targets > most:
            found.append(f"{balancer} may have {most} targets, and with the new group there are {targets}.")
    return found
