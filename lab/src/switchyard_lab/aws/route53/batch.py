# SPDX-License-Identifier: GPL-3.0-or-later
"""A change batch: "Route 53 validates the changes in the request and then either makes all or none of the changes".

The messages are Route 53's own, as users report them: that TTLs of a weighted set differ (aws-sdk-go-v2 #518), that a
simple record is asked for next to weighted ones (chef-boneyard/route53 #100) or the other way around (external-dns
#4345), that something exists already (cli53 #317), that a record changes twice in a batch (external-dns #4241).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from moto.route53.exceptions import Route53ClientError

from .records import Key, RecordSet

Records = Mapping[Key, RecordSet]


class InvalidChangeBatchError(Route53ClientError):
    """ "Each error message indicates one error in the change batch.\""""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("InvalidChangeBatch", f"[{', '.join(messages)}]")


@dataclass(frozen=True)
class Change:
    action: str
    record: RecordSet


def applied(records: Records, changes: Sequence[Change], zone_name: str) -> dict[Key, RecordSet]:
    """The records of the zone afterwards. What matters is how they end: a record that is deleted frees its name for one
    that is created in the same batch."""
    if messages := list(_repeated(changes)):
        raise InvalidChangeBatchError(messages)
    after, messages = dict(records), []
    for change in sorted(changes, key=lambda change: change.action != "DELETE"):
        if problem := _problem_of(change, after):
            messages.append(problem)
        elif change.action == "DELETE":
            del after[change.record.key]
        else:
            after[change.record.key] = change.record
    made = [change.record for change in changes if change.action != "DELETE"]
    if not messages:
        messages = [problem for record in made for problem in _conflicts(record, after, zone_name)]
    if messages:
        raise InvalidChangeBatchError(messages)
    return after


def _repeated(changes: Sequence[Change]) -> Iterator[str]:
    """One change per record set; only to delete it and to create it again is a pair that makes sense."""
    counts = Counter(change.record.key for change in changes)
    for key in (key for key, count in counts.items() if count > 1):
        actions = sorted(change.action for change in changes if change.record.key == key)
        if actions != ["CREATE", "DELETE"]:
            yield f"The request contains an invalid set of changes for a resource record set '{key.type} {key.name}'"


def _problem_of(change: Change, records: Records) -> str | None:
    record, existing = change.record, records.get(change.record.key)
    if change.action == "CREATE" and existing:
        return f"Tried to create resource record set {record.label} but it already exists"
    if change.action == "DELETE" and not existing:
        return f"Tried to delete resource record set {record.label} but it was not found"
    if change.action == "DELETE" and existing and not existing.has_values_of(record):
        tried = f"Tried to delete resource record set {record.label}"
        return f"{tried} but the values provided do not match the current values"
    return None


def _conflicts(record: RecordSet, records: Records, zone_name: str) -> Iterator[str]:
    """With the records of the same name."""
    same_name = [other for other in records.values() if other.name == record.name and other.key != record.key]
    if record.type == "CNAME":
        if record.name == zone_name:
            yield f"RRSet of type CNAME with DNS name {record.name} is not permitted at apex in zone {zone_name}"
        elif any(other.type != "CNAME" for other in same_name):
            yield (
                f"RRSet of type CNAME with DNS name {record.name} is not permitted as it conflicts with other records "
                f"with the same DNS name in zone {zone_name}"
            )
    elif any(other.type == "CNAME" for other in same_name):
        yield (
            f"RRSet of type {record.type} with DNS name {record.name} is not permitted because a conflicting RRSet of "
            f"type CNAME with the same DNS name already exists in zone {zone_name}"
        )
    yield from _conflicts_in_set(record, [other for other in same_name if other.type == record.type])


def _conflicts_in_set(record: RecordSet, others: Sequence[RecordSet]) -> Iterator[str]:
    """With those of the same type: a name has one simple record, or records of one routing policy; weighted ones must
    agree on the TTL (an alias has none of its own)."""
    named = f"RRSet with DNS name {record.name}, type {record.type}"
    identified = f"{named}, SetIdentifier {record.set_identifier}"
    if record.set_identifier is None:
        if others:
            yield f"{named} cannot be created as other RRSets exist with the same name and type."
    elif any((other.weight is None) != (record.weight is None) for other in others):
        kind = "weighted" if record.weight is None else "non-weighted"
        yield f"{identified} cannot be created as a {kind} set exists with the same name and type."
    elif record.weight is not None and len({each.ttl for each in (record, *others) if each.alias is None}) > 1:
        yield (
            f"RRSet with DNS name {record.name} and type {record.type}, SetIdentifier {record.set_identifier} cannot "
            "be created as weighted sets must contain the same TTL."
        )
