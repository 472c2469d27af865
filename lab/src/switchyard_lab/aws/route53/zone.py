# SPDX-License-Identifier: GPL-3.0-or-later
"""A hosted zone: its records as the API shows them at once, and as name servers answer once a change is in sync."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import moto.route53.models as moto_route53

from .records import Key, RecordSet, Version, dns_name


class LabZone(moto_route53.FakeZone):
    __module__ = moto_route53.__name__  # moto's class tracker derives the service from it

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(dns_name(name), *args, **kwargs)
        self.records: dict[Key, RecordSet] = {}
        self.versions: tuple[Version, ...] = ()

    def add_rrset(self, record_set: dict[str, Any]) -> RecordSet:  # type: ignore[override]
        """moto makes a zone's name servers and start of authority, and writes the values of each in another way."""
        values = [each if isinstance(each, str) else each["Value"] for each in record_set["ResourceRecords"]]
        raw = {**record_set, "TTL": int(record_set["TTL"]), "ResourceRecords": [{"Value": each} for each in values]}
        record = RecordSet.read(raw)
        self.replace({**self.records, record.key: record}, since=0.0)
        return record

    def replace(self, records: Mapping[Key, RecordSet], since: float) -> None:
        self.records = dict(records)
        ordered = sorted(records.values(), key=lambda record: record.listing_key)
        self.rrsets: list[Any] = ordered
        self.versions = (*self.versions, Version(since, tuple(ordered)))

    def forget_versions(self, now: float) -> None:
        """Those that are not answered with any more."""
        current = max(index for index, version in enumerate(self.versions) if index == 0 or version.since <= now)
        self.versions = self.versions[current:]
