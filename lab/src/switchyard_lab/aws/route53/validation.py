# SPDX-License-Identifier: GPL-3.0-or-later
"""What Route 53 refuses in one change, whatever else the zone holds; moto accepts nearly all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any

from moto.route53.exceptions import InvalidActionValue, InvalidChangeBatch, InvalidInput

from .records import OTHER_POLICIES, RecordSet

ACTIONS = ("CREATE", "DELETE", "UPSERT")
POLICIES = ("Weight", *OTHER_POLICIES)
MOST_RECORDS = 1000
LIMITS = {"Weight": 255, "TTL": 2147483647}
ADDRESSES: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "A": (IPv4Address, "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"),
    "AAAA": (IPv6Address, "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"),
}


def check_size(changes: Sequence[Mapping[str, Any]]) -> None:
    """ "A request cannot contain more than 1,000 ResourceRecord elements … When the value of the Action element is
    UPSERT, each ResourceRecord element is counted twice" (Quotas)."""
    counts = [
        len(change["ResourceRecordSet"].get("ResourceRecords") or ()) * (2 if change["Action"] == "UPSERT" else 1)
        for change in changes
    ]
    if sum(counts) > MOST_RECORDS:
        raise InvalidChangeBatch


def check_form(action: str, raw: Mapping[str, Any], number: int) -> None:
    """InvalidInput, before the change is compared with what there is."""
    if action not in ACTIONS:
        raise InvalidActionValue(action)
    for name, highest in LIMITS.items():
        if not 0 <= raw.get(name, 0) <= highest:
            bound = f"less than or equal to {highest}" if raw[name] > 0 else "greater than or equal to 0"
            raise InvalidInput(
                f"1 validation error detected: Value '{raw[name]}' at 'changeBatch.changes.{number}.member."
                f"resourceRecordSet.{name[0].lower()}{name[1:]}' failed to satisfy "
                f"constraint: Member must have value {bound}"
            )
    for problem in _malformed(raw):
        name, kind, identifier = raw["Name"], raw["Type"], raw.get("SetIdentifier", "null")
        change = f"[Action={action}, Name={name}, Type={kind}, SetIdentifier={identifier}]"
        raise InvalidInput(f"Invalid request: {problem} in Change with {change}")


def _malformed(raw: Mapping[str, Any]) -> Iterator[str]:
    expected = "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"
    given = {name for name in ("AliasTarget", "TTL", "ResourceRecords") if raw.get(name) not in (None, [])}
    if "AliasTarget" in given and len(given) > 1:
        yield f"{expected}, but found more than one"
    elif given not in ({"AliasTarget"}, {"TTL", "ResourceRecords"}):
        yield f"{expected}, but found none"
    policies = [name for name in POLICIES if raw.get(name) is not None]
    if policies and not raw.get("SetIdentifier"):
        yield "Missing field 'SetIdentifier'"
    elif raw.get("SetIdentifier") and len(policies) != 1:
        found = "more than one" if policies else "none"
        yield f"Expected exactly one of [{', '.join(POLICIES[:-1])}, or {POLICIES[-1]}], but found {found}"


def wrong_values(record: RecordSet, zone_name: str) -> Iterator[str]:
    """Messages of an InvalidChangeBatch."""
    if record.name != zone_name and not record.name.endswith(f".{zone_name}"):
        yield f"RRSet with DNS name {record.name} is not permitted in zone {zone_name}"
    if record.type in ADDRESSES:
        parse, problem = ADDRESSES[record.type]
        for value in record.values:
            try:
                parse(value)
            except AddressValueError:
                yield f"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''"
