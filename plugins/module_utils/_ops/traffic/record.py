# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind of routes that are weighted records, written as a batch for each zone, which is awaited until in sync."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from ..._aws.base.errors import AwsError
from ..._aws.traffic import route53
from ..._core.base.errors import UnconfirmedError
from ..._core.traffic.record import RecordDefinition, RecordRoute, leaving
from ..._core.traffic.record_sets import Fields, RecordChange, Records, check_ttls, own_ttl
from ..._core.traffic.route import Change
from ..._core.traffic.zones import choose_zone, zone_id
from ..base.lost_answers import unless_done
from ..base.run import Run, together
from ..base.wait import poll
from ..base.writes import Write
from .route import RouteKind, refuse_other

# "Five requests per second per AWS account" for all of Route 53 (Quotas, in its developer guide).
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0
# How ChangeResourceRecordSets refuses a record set whose health check, or target of an alias, is no longer there.
# "Amazon Route 53 does not prevent you from deleting a health check even if the health check is associated with one or
# more resource record sets" (DeleteHealthCheck). Of an alias it says, as users report (harmony-one/harmony-ops #491):
# "Tried to create an alias that targets …, type A in zone …, but that target was not found".
LOST_TARGET = ("InvalidChangeBatch", "NoSuchHealthCheck")


class RecordKind(RouteKind[RecordDefinition, RecordRoute]):
    takes_time: ClassVar[bool] = True

    def read(self, run: Run, definitions: Sequence[RecordDefinition]) -> list[RecordRoute]:
        """Each zone is looked up once."""
        zones = [(definition.zone, definition.private_zone) for definition in definitions]
        named = list(dict.fromkeys(zones))
        ids = dict(zip(named, together(*[partial(_read_zone, run, *each) for each in named]), strict=True))
        pairs = zip(definitions, zones, strict=True)
        return together(*[partial(_read_route, run, definition, ids[zone]) for definition, zone in pairs])

    def check(self, run: Run, changes: Sequence[Change[RecordRoute]]) -> None:
        for change in changes:
            records = change.after.records
            check_ttls(records.title, _read_ttls(run, records.zone_id, records.sets))

    def writes(self, run: Run, changes: Sequence[Change[RecordRoute]]) -> list[Write]:
        """A zone's batch is whole by itself."""
        return [
            Write(
                make=partial(_write, run, its),
                put_back=partial(_write, run, [change.undone() for change in its]),
                done="; ".join(change.done for change in its),
            )
            for its in _by_zone(changes).values()
        ]

    def write_alone(self, run: Run, change: Change[RecordRoute], warn: Callable[[str], None]) -> str:
        """Write one record. If Route 53 refuses to write the record set that loses its traffic, that one is deleted.

        It refuses that as well where something else is the reason.
        """
        try:
            return _write(run, [change])
        except AwsError as error:
            smaller = leaving(change)
            if error.code not in LOST_TARGET or smaller == change:
                raise
            with suppress(AwsError):
                change_id = _write(run, [smaller])
                warn(_deleted(change, smaller, error))
                return change_id
            raise

    def confirm(self, run: Run, changes: Sequence[Change[RecordRoute]], answers: Sequence[Any], seconds: float) -> None:
        """A listing shows what was written at once; otherwise somebody has written since."""
        for change_id in answers:
            _await_sync(run, change_id, seconds)
        for change in changes:
            refuse_other(change, change.after.seen(_list(run, change.after.records)))

    def answers(self, run: Run, route: RecordRoute) -> Mapping[str, Sequence[str]]:
        records = route.records
        sets = {color: records.sets[its] for color, its in route.own.items() if its in records.sets}
        return {color: _names(run, records.zone_id, fields) for color, fields in sets.items()}


def _read_route(run: Run, definition: RecordDefinition, zone: str) -> RecordRoute:
    found = route53.list_records(run.client("route53"), zone, definition.name, definition.type)
    records = Records.read(zone, definition.name, definition.type, found, definition.targets)
    return RecordRoute(definition, records, max(_read_ttls(run, zone, records.sets).values()))


def _read_zone(run: Run, named: str, private: bool | None) -> str:
    """The ID of the hosted zone."""
    return zone_id(named) or choose_zone(named, private, route53.list_zones_by_name(run.client("route53"), named))


def _read_ttls(run: Run, zone: str, sets: Mapping[str, Fields]) -> dict[str, int]:
    """The TTL of each record set in seconds, by set identifier."""
    return {identifier: _read_ttl(run, zone, fields) for identifier, fields in sets.items()}


def _read_ttl(run: Run, zone: str, fields: Fields) -> int:
    """The TTL of a record set in seconds. For an alias of another record in its zone, that record's (Choosing
    between alias and non-alias records)."""
    alias = fields.get("AliasTarget", {})
    if alias.get("HostedZoneId") != zone:
        return own_ttl(fields)
    found = route53.list_records(run.client("route53"), zone, alias["DNSName"], fields["Type"])
    return max((_read_ttl(run, zone, each) for each in found), default=own_ttl(fields))


def _by_zone(changes: Sequence[Change[RecordRoute]]) -> dict[str, list[Change[RecordRoute]]]:
    zones: dict[str, list[Change[RecordRoute]]] = {}
    for change in changes:
        zones.setdefault(change.after.records.zone_id, []).append(change)
    return zones


def _write(run: Run, changes: Sequence[Change[RecordRoute]]) -> str:
    """Change the records of one zone, all of them or none; the ID of the change.

    Where the answer was lost, nobody knows the ID. A change of the same records that alters nothing has one, and is in
    sync no sooner.
    """
    client, zone = run.client("route53"), changes[0].after.records.zone_id
    records = [RecordChange(change.before.records, change.after.records) for change in changes]
    batch = [each for change in records for each in change.batch()]

    def repeat() -> str | None:
        if not all(_list(run, change.after) == change.after.sets for change in records):
            return None
        return route53.change_records(client, zone, [each for change in records for each in change.repeated()])

    return unless_done(partial(route53.change_records, client, zone, batch), "InvalidChangeBatch", repeat)


def _deleted(change: Change[RecordRoute], smaller: Change[RecordRoute], error: AwsError) -> str:
    gone = " and ".join(name for name in change.after.records.sets if name not in smaller.after.records.sets)
    return (
        f"Record set {gone} of {change.after.title} could not be given weight 0, so it was deleted: {error} Set in "
        "targets what it answers before the next release."
    )


def _list(run: Run, records: Records) -> dict[str, Fields]:
    """The sets of a record by set identifier, which a simple record lacks."""
    found = route53.list_records(run.client("route53"), records.zone_id, records.name, records.type)
    return {each.get("SetIdentifier", ""): each for each in found}


def _await_sync(run: Run, change_id: str, timeout: float) -> None:
    """Until every name server of Route 53 answers as was written; "generally … within 60 seconds"."""
    doing = f"waiting until Route 53 has {change_id} on all of its name servers"
    run.progress(doing)
    look = partial(route53.get_change, run.client("route53"), change_id)
    status = poll(run, doing, look, lambda seen: seen == "INSYNC", timeout, LONGEST_PAUSE, FIRST_PAUSE)
    if status != "INSYNC":
        raise UnconfirmedError(
            f"The records are written, but after {timeout} s {change_id} is still {status}: some name servers of Route "
            "53 may give the earlier answer. Check it with GetChange, then run again."
        )


def _names(run: Run, zone: str, fields: Fields) -> list[str]:
    """The names that a record set answers. An alias may be of another record in its zone, which then says them."""
    alias = fields.get("AliasTarget")
    if alias is None:
        return [each["Value"] for each in fields.get("ResourceRecords", [])]
    if alias["HostedZoneId"] != zone:
        return [alias["DNSName"]]
    found = route53.list_records(run.client("route53"), zone, alias["DNSName"], fields["Type"])
    return [name for each in found for name in _names(run, zone, each)]
