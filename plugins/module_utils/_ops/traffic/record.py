# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads weighted records, and writes their weights: a change batch for each zone, awaited until it is in sync."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..._aws.traffic import route53
from ..._core.base.errors import BluegreenError
from ..._core.traffic.record import (
    RecordDefinition,
    RecordName,
    RecordRoute,
    parse_target,
    plan_record_join,
    plan_record_weights,
)
from ..._core.traffic.record_sets import Fields, RecordChange, Records, check_ttls, own_ttl, plan_records, shares_of
from ..._core.traffic.weights import check_expected, check_whole, describe, joins, parse_percents, rounded
from ..._core.traffic.zones import choose_zone, zone_id
from ..base.lost_answers import unless_done
from ..base.run import Run, together
from ..base.wait import poll

# "Five requests per second per AWS account" for all of Route 53 (Quotas, in its developer guide).
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0


def set_record_weights(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module record_weights."""
    percents = parse_percents(options["weights"])
    check_whole(percents)
    given = options["targets"]
    targets = {identifier: parse_target(identifier, given.get(identifier)) for identifier in {**percents, **given}}
    record = RecordName(options["zone"], options["record"], options["type"], options["private_zone"], targets)
    records = _read(run, record, _read_zone(run, record.zone, record.private_zone))
    if options["expected"]:
        check_expected([records], parse_percents(options["expected"]))
    change = plan_records(records, percents, targets)
    ttls = read_ttls(run, records.zone_id, change.after)
    check_ttls(records.title, ttls)
    if change.needed and not run.check_mode:
        await_sync(run, write_records(run, [change]), options["wait_timeout"])
        read_back_records(run, [change])
    before, after = rounded(shares_of(records.sets)), rounded(shares_of(change.after))
    return {
        "changed": change.needed,
        "zone_id": records.zone_id,
        "weights": after,
        "ttl_seconds": max(ttls.values()),
        "diff": {"before": {records.title: before}, "after": {records.title: after}},
    }


def read_record_routes(run: Run, definitions: Sequence[RecordDefinition]) -> list[RecordRoute]:
    """In the order asked; which target groups they lead to is the caller's to say. Each zone is looked up once."""
    zones = [(definition.record.zone, definition.record.private_zone) for definition in definitions]
    named = list(dict.fromkeys(zones))
    ids = dict(zip(named, together(*[partial(_read_zone, run, *each) for each in named]), strict=True))
    pairs = zip(definitions, zones, strict=True)
    return together(*[partial(_read_route, run, definition, ids[zone]) for definition, zone in pairs])


def _read_route(run: Run, definition: RecordDefinition, zone: str) -> RecordRoute:
    records = _read(run, definition.record, zone)
    return RecordRoute(definition, records, max(read_ttls(run, zone, records.sets).values()))


def _read(run: Run, record: RecordName, zone: str) -> Records:
    found = route53.list_records(run.client("route53"), zone, record.name, record.type)
    return Records.read(zone, record.name, record.type, found, record.targets)


def _read_zone(run: Run, named: str, private: bool | None) -> str:
    """Its id."""
    return zone_id(named) or choose_zone(named, private, route53.list_zones_by_name(run.client("route53"), named))


def plan_record_changes(run: Run, records: Sequence[RecordRoute], percents: Mapping[str, int]) -> list[RecordChange]:
    """Percents by target group ARN, all 0 to put them in without traffic. What Route 53 would refuse, or take in
    another sense, is an error."""
    if joins(percents):
        changes = [plan_record_join(record, list(percents)) for record in records]
    else:
        changes = [plan_record_weights(record, percents) for record in records]
    for change in changes:
        check_ttls(change.records.title, read_ttls(run, change.records.zone_id, change.after))
    return changes


def read_ttls(run: Run, zone: str, sets: Mapping[str, Fields]) -> dict[str, int]:
    """By set identifier."""
    return {identifier: _read_ttl(run, zone, fields) for identifier, fields in sets.items()}


def _read_ttl(run: Run, zone: str, fields: Fields) -> int:
    """Of an alias of another record in its zone, it is that record's (Choosing between alias and non-alias records)."""
    alias = fields.get("AliasTarget", {})
    if alias.get("HostedZoneId") != zone:
        return own_ttl(fields)
    found = route53.list_records(run.client("route53"), zone, alias["DNSName"], fields["Type"])
    return max((_read_ttl(run, zone, each) for each in found), default=own_ttl(fields))


def write_records(run: Run, changes: Sequence[RecordChange]) -> str:
    """Of one zone: all of them or none. The id of the change.

    Where the answer was lost, nobody knows the id. A change of the same records that alters nothing has one, and is in
    sync no sooner.
    """
    client, zone = run.client("route53"), changes[0].records.zone_id
    batch = [each for change in changes for each in change.batch()]

    def repeat() -> str | None:
        if not all(_is_done(run, change) for change in changes):
            return None
        return route53.change_records(client, zone, [each for change in changes for each in change.repeated()])

    return unless_done(partial(route53.change_records, client, zone, batch), "InvalidChangeBatch", repeat)


def _is_done(run: Run, change: RecordChange) -> bool:
    records = change.records
    found = route53.list_records(run.client("route53"), records.zone_id, records.name, records.type)
    return {each.get("SetIdentifier", ""): each for each in found} == change.after


def await_sync(run: Run, change_id: str, timeout: float) -> None:
    """Until every name server of Route 53 answers as was written; "generally … within 60 seconds"."""
    run.progress(f"waiting until Route 53 has {change_id} on all of its name servers")
    look = partial(route53.get_change, run.client("route53"), change_id)
    status = poll(look, lambda seen: seen == "INSYNC", run.clock, timeout, LONGEST_PAUSE, FIRST_PAUSE)
    if status != "INSYNC":
        raise BluegreenError(
            f"The records are written, but after {timeout} s {change_id} is still {status}: some name servers of "
            "Route 53 may answer as before. Look at it with GetChange, then run again."
        )


def read_back_records(run: Run, changes: Sequence[RecordChange]) -> None:
    """A listing tells what was written at once; otherwise somebody has written since."""
    for change in changes:
        records, wanted = change.records, shares_of(change.after)
        found = route53.list_records(run.client("route53"), records.zone_id, records.name, records.type)
        shares = shares_of({each.get("SetIdentifier", ""): each for each in found})
        if shares != wanted:
            raise BluegreenError(
                f"{records.title} was given {describe(wanted)} but splits {describe(shares)}; somebody else changed it "
                "at the same time."
            )
