# SPDX-License-Identifier: GPL-3.0-or-later
"""What all sample services of an account share: clients, a network, images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network
from typing import Any

import boto3

from ..settings import REGION

IMAGES = {
    "1.0.0": {"lab:release": "1.0.0"},
    "1.1.0": {"lab:release": "1.1.0"},
    "1.2.0-bad": {"lab:release": "1.2.0-bad", "lab:error-percent": "30"},
}


@dataclass(frozen=True)
class Network:
    vpc: str
    subnets: tuple[str, ...]
    security_group: str


class Account:
    def __init__(self, endpoint: str, cidr: str) -> None:
        self._endpoint = endpoint
        self._cidr = cidr
        self.client = cache(self._client)

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id="lab",
            aws_secret_access_key="lab",
        )

    def network(self) -> Network:
        """Two large subnets: every instance of a lab's life takes a new address."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock=self._cidr)["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=str(block), AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
            for zone, block in zip("ab", IPv4Network(self._cidr).subnets(prefixlen_diff=2), strict=False)
        ]
        security_group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
        return Network(vpc, tuple(subnets), security_group)

    def images(self) -> dict[str, str]:
        """Image ids by release."""
        return {release: self.image(f"web-{release}", tags) for release, tags in IMAGES.items()}

    def image(self, name: str, tags: dict[str, str]) -> str:
        specification = {"ResourceType": "image", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        registered = self.client("ec2").register_image(Name=name, TagSpecifications=[specification])
        return str(registered["ImageId"])
