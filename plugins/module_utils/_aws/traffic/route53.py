# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53: one function, one API call (pages of a listing count as one)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from ..._core.traffic.zones import canonical
from ..base.errors import doing

Client = Any
Item = dict[str, Any]

COMMENT = "weights, by switchyard.bluegreen"  # for those who read the history of the zone


def list_zones_by_name(client: Client, name: str) -> list[Item]:
    """In the order of their names from this one on; those that share it come first, so that one page has them all."""
    with doing(f"reading hosted zone {name}"):
        return list(client.list_hosted_zones_by_name(DNSName=name)["HostedZones"])


def list_records(client: Client, zone_id: str, name: str, kind: str) -> list[Item]:
    """The record sets of one name and type, changes that are pending included (ListResourceRecordSets)."""

    def meant(item: Item) -> bool:
        return canonical(item["Name"]) == canonical(name) and item["Type"] == kind

    with doing(f"reading record {kind} {name} of zone {zone_id}"):
        pages = client.get_paginator("list_resource_record_sets").paginate(
            HostedZoneId=zone_id, StartRecordName=name, StartRecordType=kind
        )
        return list(takewhile(meant, (item for page in pages for item in page["ResourceRecordSets"])))


def change_records(client: Client, zone_id: str, changes: Sequence[Mapping[str, Any]]) -> str:
    """All of the changes or none; the id of the change, that is pending yet."""
    with doing(f"changing records of zone {zone_id}"):
        batch = {"Comment": COMMENT, "Changes": list(changes)}
        answer = client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)
    return str(answer["ChangeInfo"]["Id"])


def get_change(client: Client, change_id: str) -> str:
    """``PENDING`` or ``INSYNC``."""
    with doing(f"reading the state of change {change_id}"):
        return str(client.get_change(Id=change_id)["ChangeInfo"]["Status"])
