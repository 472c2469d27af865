# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 can't or won't run: capacity that a zone lacks, the account's quota of vCPUs. Both can be set on request.

The texts are those of RunInstances, which Auto Scaling passes on in the status message of a scaling activity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instance_types import INSTANCE_TYPES

# "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", counted in vCPUs of what runs.
STANDARD_FAMILIES = "acdhimrtz"
RUNNING = ("pending", "running")
DEFAULT_VCPUS = 1


@dataclass
class Ec2Limits:
    vcpus: int  # the quota L-1216C47A as it is applied to the account
    # How many instances of a type can run at all, or in a zone, by type and zone ("" for all zones).
    available: dict[tuple[str, str], int] = field(default_factory=dict)

    def check(self, instance_type: str, count: int, zone: str, instances: Iterable[Any], spot: bool = False) -> None:
        """Whether `count` more can run next to these instances. Spot Instances have a quota of their own, not here."""
        running = [each for each in instances if each.state in RUNNING]
        if not spot and vcpus_of(instance_type, count) + vcpus_in_use(running) > self.vcpus:
            raise EC2ClientError("VcpuLimitExceeded", _over_quota(self.vcpus))
        same = [str(each.placement.zone) for each in running if each.instance_type == instance_type]
        for where, used in (("", len(same)), (zone, same.count(zone))):
            if used + count > self.available.get((instance_type, where), used + count):
                raise EC2ClientError("InsufficientInstanceCapacity", _no_capacity(instance_type, zone))

    def change(self, request: Mapping[str, Any]) -> None:
        """`{"capacity": {"instance_type": …, "available": n or null for enough}}` or `{"quota": {"vcpus": n}}`.

        Capacity may be that of a `zone`.
        """
        if capacity := request.get("capacity"):
            key = str(capacity["instance_type"]), str(capacity.get("zone", ""))
            self.available.pop(key, None)
            if capacity.get("available") is not None:
                self.available[key] = int(capacity["available"])
        if quota := request.get("quota"):
            self.vcpus = int(quota["vcpus"])


def vcpus_in_use(instances: Iterable[Any]) -> int:
    """By On-Demand Instances."""
    on_demand = [each for each in instances if each.lifecycle != "spot"]
    return sum(vcpus_of(each.instance_type) for each in on_demand if each.state in RUNNING)


def vcpus_of(instance_type: str, count: int = 1) -> int:
    """Of this quota: other families have quotas of their own."""
    if instance_type[:1] not in STANDARD_FAMILIES:
        return 0
    known = INSTANCE_TYPES.get(instance_type, {})
    return count * int(known.get("VCpuInfo", {}).get("DefaultVCpus", DEFAULT_VCPUS))


def _over_quota(vcpus: int) -> str:
    return (
        f"You have requested more vCPU capacity than your current vCPU limit of {vcpus} allows for the instance bucket "
        "that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to "
        "request an adjustment to this limit."
    )


def _no_capacity(instance_type: str, zone: str) -> str:
    return (
        f"We currently do not have sufficient {instance_type} capacity in the Availability Zone you requested "
        f"({zone}). Our system will be working on provisioning additional capacity. "
        f"You can currently get {instance_type} capacity by not specifying an Availability Zone in your request."
    )
