# SPDX-License-Identifier: GPL-3.0-or-later
"""The Route 53 requests that the lab fixes: changes that take their time, and listings with all of their pages."""

from __future__ import annotations

from typing import Any, cast

from moto.core.responses import ActionResult
from moto.route53.exceptions import InvalidInput
from moto.route53.responses import Route53

from .backend import LabRoute53, Submitted
from .records import dns_name, listing_key

MAX_RECORDS = 300
MAX_ZONES = 100


class LabRoute53Response(Route53):
    backend: LabRoute53

    def create_hosted_zone(self) -> ActionResult:
        return self._submitted(super().create_hosted_zone())

    def delete_hosted_zone(self) -> ActionResult:
        return self._submitted(super().delete_hosted_zone())

    def associate_vpc_with_hosted_zone(self) -> ActionResult:
        return self._submitted(super().associate_vpc_with_hosted_zone())

    def disassociate_vpc_from_hosted_zone(self) -> ActionResult:
        return self._submitted(super().disassociate_vpc_from_hosted_zone())

    def _submitted(self, answer: ActionResult) -> ActionResult:
        """moto gives every change the same id, and calls it done."""
        result = cast(dict[str, Any], answer.result)
        return ActionResult({**result, "ChangeInfo": self._described(self.backend.submit())})

    def change_resource_record_sets(self) -> ActionResult:
        change = self.backend.change_records(
            self._get_param("HostedZoneId"),
            self._get_param("ChangeBatch.Changes"),
            self._get_param("ChangeBatch.Comment"),
        )
        return ActionResult({"ChangeInfo": self._described(change)})

    def get_change(self) -> ActionResult:
        return ActionResult({"ChangeInfo": self._described(self.backend.get_change(self._get_param("Id")))})

    def _described(self, change: Submitted) -> dict[str, Any]:
        return {
            "Id": f"/change/{change.id}",
            "Status": "INSYNC" if self.backend.is_in_sync(change) else "PENDING",
            "SubmittedAt": change.at,
            "Comment": change.comment,
        }

    def list_resource_record_sets(self) -> ActionResult:
        """At once as they were changed: "This includes records that are PENDING"."""
        name, kind = self._get_param("StartRecordName"), self._get_param("StartRecordType")
        if kind and not name:
            raise InvalidInput("The input is not valid")
        zone, limit = self.backend.zone(self._get_param("HostedZoneId")), self._limit(MAX_RECORDS)
        start = (
            listing_key(dns_name(name)) if name else "",
            kind or "",
            self._get_param("StartRecordIdentifier") or "",
        )
        found = [record for record in zone.rrsets if record.listing_key >= start]
        following = found[limit] if len(found) > limit else None
        return ActionResult(
            {
                "ResourceRecordSets": [record.described() for record in found[:limit]],
                "IsTruncated": following is not None,
                "NextRecordName": following and following.name,
                "NextRecordType": following and following.type,
                "NextRecordIdentifier": following and following.set_identifier,
                "MaxItems": limit,
            }
        )

    def list_hosted_zones_by_name(self) -> ActionResult:
        name, zone_id, limit = self._get_param("DNSName"), self._get_param("HostedZoneId"), self._limit(MAX_ZONES)
        found = self.backend.zones_from(name, zone_id)
        following = found[limit] if len(found) > limit else None
        return ActionResult(
            {
                "HostedZones": found[:limit],
                "DNSName": name,
                "HostedZoneId": zone_id,
                "IsTruncated": following is not None,
                "NextDNSName": following and following.name,
                "NextHostedZoneId": following and following.resource_id,
                "MaxItems": limit,
            }
        )

    def _limit(self, highest: int) -> int:
        return min(int(self._get_param("MaxItems") or highest), highest)
