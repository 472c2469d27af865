# SPDX-License-Identifier: GPL-3.0-or-later
"""A hosted zone of a test's own, and questions to the lab's name server."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import dns.message
import dns.query
import dns.rcode
from botocore.exceptions import ClientError

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import eventually

BLUE, GREEN = "192.0.2.1", "192.0.2.2"  # what records answer
NUMBERS = itertools.count(1)
Record = dict[str, Any]


class Zone:
    """`zone.change(CREATE=[…], DELETE=[…])` is one batch."""

    def __init__(self, lab: LabProcess, name: str | None = None, **options: Any) -> None:
        self.route53 = lab.client("route53")
        self.name = name or f"zone{next(NUMBERS)}.example.com"
        asked = {"Name": self.name, "CallerReference": str(next(NUMBERS)), **options}
        self.id = str(self.route53.create_hosted_zone(**asked)["HostedZone"]["Id"])
        self._host, port = lab.dns.split(":")
        self._port = int(port)

    def record(self, kind: str = "A", name: str = "www", value: str = BLUE, ttl: int = 5, **more: Any) -> Record:
        fields = {"Name": f"{name}.{self.name}", "Type": kind, **more}
        return fields if "AliasTarget" in more else {**fields, "TTL": ttl, "ResourceRecords": [{"Value": value}]}

    def weighted(self, color: str, weight: int, **more: Any) -> Record:
        value = {"blue": BLUE, "green": GREEN}[color]
        return self.record(**{"value": value, "SetIdentifier": color, "Weight": weight, **more})

    def submit(self, **changes: list[Record]) -> str:
        """The id of the change."""
        batch = [{"Action": action, "ResourceRecordSet": each} for action, listed in changes.items() for each in listed]
        answer = self.route53.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch={"Changes": batch})
        return str(answer["ChangeInfo"]["Id"])

    def status(self, change: str) -> str:
        return str(self.route53.get_change(Id=change)["ChangeInfo"]["Status"])

    def change(self, **changes: list[Record]) -> None:
        """Returns when all name servers answer with it."""
        change = self.submit(**changes)
        eventually(lambda: self.status(change), lambda status: status == "INSYNC")

    def refusal(self, **changes: list[Record]) -> str:
        """The code and the sentence of a batch that must fail, and change nothing."""
        before = self.listed()
        try:
            self.submit(**changes)
        except ClientError as error:
            assert self.listed() == before
            return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
        raise AssertionError("was accepted")

    def listed(self) -> list[Record]:
        """Without the records that each zone has."""
        found = self.route53.list_resource_record_sets(HostedZoneId=self.id)["ResourceRecordSets"]
        return [each for each in found if each["Type"] not in ("NS", "SOA")]

    def ask(
        self, name: str = "www", kind: str = "A", by: Callable[..., dns.message.Message] = dns.query.udp
    ) -> dns.message.Message:
        full = name if name.endswith(".") else f"{name}.{self.name}"
        return by(dns.message.make_query(full, kind), self._host, port=self._port, timeout=10)

    def answers(self, name: str = "www", kind: str = "A") -> list[str]:
        """One line per record: name, TTL, class, type, value."""
        return [line for rrset in self.ask(name, kind).answer for line in rrset.to_text().splitlines()]

    def failure(self, name: str, kind: str = "A") -> str:
        return dns.rcode.to_text(self.ask(name, kind).rcode())

    def counted(self, questions: int, name: str = "www") -> Counter[str]:
        """How often each value was the answer."""
        return Counter(str(self.ask(name).answer[-1][0]) for _question in range(questions))
