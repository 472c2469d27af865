# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53: what moto gets wrong or lacks on our path, fixed as AWS does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from types import ModuleType
from typing import Any, ClassVar, cast

import moto.route53.models as moto_route53
import moto.route53.urls
from moto.elbv2.models import ELBv2Backend, elbv2_backends
from moto.route53.exceptions import NoSuchHealthCheck, Route53ClientError

from ...clock import Clock
from .batch import Change, InvalidChangeBatchError, applied
from .records import RecordSet, balancer_name, dns_name, listing_key
from .validation import check_form, check_size, wrong_values
from .zone import LabZone

# "Changes generally propagate to all Route 53 name servers managing the hosted zone within 60 seconds" (API reference,
# ChangeResourceRecordSets); half of that is about what users report (35 s in terraform-provider-aws #15706).
PROPAGATION_SECONDS = 30.0


@dataclass(frozen=True)
class Submitted:
    """A change of a zone; `due`: when all name servers have it."""

    id: str
    at: datetime
    due: float
    comment: str | None


class LabRoute53(moto_route53.Route53Backend):
    clock: ClassVar[Clock]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.failing_checks: set[str] = set()  # by what their endpoints answer
        self._changes: dict[str, Submitted] = {}
        self._numbers = count(1)

    @property
    def _url_module(self) -> ModuleType:
        return moto.route53.urls

    # -- changes

    def submit(self, comment: str | None = None) -> Submitted:
        now = self.clock.now()
        due = now + self.clock.real(PROPAGATION_SECONDS)
        change = Submitted(f"C{next(self._numbers):020d}", datetime.fromtimestamp(now, UTC), due, comment)
        self._changes[change.id] = change
        return change

    def get_change(self, change_id: str) -> Submitted:
        change = self._changes.get(change_id.removeprefix("/change/"))
        if change is None:
            raise Route53ClientError(
                "NoSuchChange", f"A change with the specified change ID does not exist: {change_id}"
            )
        return change

    def is_in_sync(self, change: Submitted) -> bool:
        return self.clock.now() >= change.due

    def change_records(self, zone_id: str, raw: Sequence[dict[str, Any]], comment: str | None) -> Submitted:
        """All of them or none."""
        zone = self.zone(zone_id)
        check_size(raw)
        for number, each in enumerate(raw, 1):
            check_form(each["Action"], each["ResourceRecordSet"], number)
        changes = [Change(each["Action"], RecordSet.read(each["ResourceRecordSet"])) for each in raw]
        made = [change.record for change in changes if change.action != "DELETE"]
        self._check_health_checks(made)
        if messages := [problem for record in made for problem in wrong_values(record, zone.name)]:
            raise InvalidChangeBatchError(messages)
        after = applied(zone.records, changes, zone.name)
        if messages := [problem for record in made if (problem := self._lost_alias(record, zone, after.values()))]:
            raise InvalidChangeBatchError(messages)
        change = self.submit(comment)
        zone.forget_versions(self.clock.now())
        zone.replace(after, change.due)
        return change

    def _check_health_checks(self, records: Sequence[RecordSet]) -> None:
        for record in records:
            if record.health_check_id and record.health_check_id not in self.health_checks:
                raise NoSuchHealthCheck(record.health_check_id)

    def _lost_alias(self, record: RecordSet, zone: LabZone, records: Any) -> str | None:
        """An alias leads to a load balancer, by the zone id of its kind and region, or to a record of its own zone."""
        if record.alias is None:
            return None
        tried = (
            f"Tried to create an alias that targets {record.alias.target}, type {record.type} in zone "
            f"{record.alias.zone_id}, but"
        )
        if record.alias.zone_id == zone.resource_id:
            within = f".{record.alias.target}".endswith(f".{zone.name}")
            found = any((each.name, each.type) == (record.alias.target, record.type) for each in records)
        else:
            zone_ids = {
                dns_name(balancer.dns_name): balancer.canonical_hosted_zone_id
                for _account, _region, backend in elbv2_backends.iter_backends()
                for balancer in cast(ELBv2Backend, backend).load_balancers.values()
            }
            within = record.alias.zone_id in zone_ids.values()
            found = zone_ids.get(balancer_name(record.alias.target)) == record.alias.zone_id
        if found:
            return None
        if within:
            return f"{tried} that target was not found"
        return f"{tried} the alias target name does not lie within the target zone"

    # -- zones

    def zone(self, zone_id: str) -> LabZone:
        return cast(LabZone, self.get_hosted_zone(zone_id))

    def zones_from(self, name: str | None, zone_id: str | None) -> list[LabZone]:
        """Every zone from that name on: who looks for one by its name must compare the names."""
        first = (listing_key(dns_name(name)) if name else "", zone_id or "")
        keyed = sorted(((listing_key(zone.name), zone.resource_id), zone) for zone in self.zones.values())
        return [cast(LabZone, zone) for key, zone in keyed if key >= first]
