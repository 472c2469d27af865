# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample service behind weighted DNS records: a load balancer for each color, and a hosted zone of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .account import Account, Network
from .inventory import write_inventory
from .resources import COLORS
from .service import ALL_BLUE, PRODUCTION_PORT, SampleService

# An alias has no TTL of its own; what has one names the load balancer, by its address or by its name.
SYNC_SECONDS = 90.0


class RecordService(SampleService):
    def __init__(
        self, name: str, account: Account, network: Network, images: Mapping[str, str], kind: str = "A", ttl: int = 5
    ) -> None:
        self._kind, self._ttl = kind, ttl
        self.zone = f"{name}.example.com"
        self.record = f"www.{self.zone}"
        super().__init__(name, account, network, images)

    @property
    def url(self) -> str:
        """For who resolves it through the lab."""
        return f"http://{self.record}:{PRODUCTION_PORT}/"

    def url_of(self, color: str) -> str:
        """Past the records: that color's load balancer."""
        return f"http://{self._balancers[color]['DNSName']}:{PRODUCTION_PORT}/"

    def await_healthy(self) -> None:
        """And until the name servers have the records."""
        super().await_healthy()
        deadline = time.monotonic() + SYNC_SECONDS
        while self._client("route53").get_change(Id=self._change)["ChangeInfo"]["Status"] != "INSYNC":
            if time.monotonic() > deadline:
                raise TimeoutError(f"the records of {self.name} did not come in sync")
            time.sleep(0.3)  # a few requests per second are allowed

    def _front(self) -> None:
        self._balancers = {color: self._resources.load_balancer(f"{self.name}-{color}") for color in COLORS}
        for color, balancer in self._balancers.items():
            self._listener(balancer, PRODUCTION_PORT, {color: 100})
            self._alarm(balancer["LoadBalancerArn"], color)
        route53 = self._client("route53")
        zone = route53.create_hosted_zone(Name=self.zone, CallerReference=self.name)["HostedZone"]
        changes = [{"Action": "CREATE", "ResourceRecordSet": self._weighted(color)} for color in COLORS]
        made = route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})
        self._change = made["ChangeInfo"]["Id"]

    def _routes(self) -> dict[str, Any]:
        return {
            "bluegreen_routes": [{"zone": self.zone, "name": self.record, "type": self._type}],
            "bluegreen_test_route": {"urls": {color: self.url_of(color).rstrip("/") for color in COLORS}},
        }

    @property
    def _type(self) -> str:
        return "CNAME" if self._kind == "CNAME" else "A"

    def _weighted(self, color: str) -> dict[str, Any]:
        record = {"Name": self.record, "Type": self._type, "SetIdentifier": color, "Weight": ALL_BLUE[color]}
        balancer = self._balancers[color]
        if self._kind == "alias":
            target = {"HostedZoneId": balancer["CanonicalHostedZoneId"], "DNSName": balancer["DNSName"]}
            return {**record, "AliasTarget": {**target, "EvaluateTargetHealth": False}}
        return {**record, "TTL": self._ttl, "ResourceRecords": [{"Value": balancer["DNSName"]}]}


def seed_records(
    endpoint: str, cidr: str, inventory: Path, name: str = "demo", kind: str = "A", ttl: int = 5
) -> RecordService:
    """In a lab without seed, and with its inventory."""
    account = Account(endpoint, cidr)
    images = account.images()
    service = RecordService(name, account, account.network(), images, kind, ttl)
    service.await_healthy()
    write_inventory(inventory, {name: service.definition()}, images)
    return service
