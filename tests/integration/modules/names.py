# SPDX-License-Identifier: GPL-3.0-or-later
"""A hosted zone of a test's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.settings import REGION

NUMBERS = count(1)


@dataclass(frozen=True)
class Names:
    route53: Any
    zone: str
    id: str

    @property
    def www(self) -> str:
        return f"www.{self.zone}"

    def put(self, name: str, kind: str = "A", **fields: Any) -> None:
        record = {"Name": f"{name}.{self.zone}", "Type": kind, **fields}
        changes = [{"Action": "UPSERT", "ResourceRecordSet": record}]
        self.route53.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch={"Changes": changes})

    def put_pair(self, blue: int, green: int, **fields: Any) -> None:
        """Weighted records of www."""
        for identifier, weight in (("blue", blue), ("green", green)):
            self.put("www", SetIdentifier=identifier, Weight=weight, **values(f"192.0.2.{len(identifier)}"), **fields)

    def found(self, name: str = "www") -> list[dict[str, Any]]:
        listed = self.route53.list_resource_record_sets(HostedZoneId=self.id)["ResourceRecordSets"]
        return [each for each in listed if each["Name"] == f"{name}.{self.zone}."]

    def weights(self) -> Mapping[str, int]:
        return {each["SetIdentifier"]: each["Weight"] for each in self.found()}


def values(*addresses: str, ttl: int = 5) -> dict[str, Any]:
    return {"TTL": ttl, "ResourceRecords": [{"Value": address} for address in addresses]}


def make_zone(lab: LabProcess, name: str | None = None, vpc: str | None = None) -> Names:
    """A private one in a VPC."""
    route53, number = lab.client("route53"), next(NUMBERS)
    zone = name or f"names-{number}.example"
    inner = {"VPC": {"VPCRegion": REGION, "VPCId": vpc}, "HostedZoneConfig": {"PrivateZone": True}} if vpc else {}
    made = route53.create_hosted_zone(Name=zone, CallerReference=f"test-{number}", **inner)
    return Names(route53, zone, made["HostedZone"]["Id"].removeprefix("/hostedzone/"))
