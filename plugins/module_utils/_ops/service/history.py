# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what was done to a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ..._args.service.history import HistoryOptions
from ..._aws.traffic import elbv2
from ..._core.base.errors import BluegreenError
from ..._core.base.timestamps import dated
from ..._core.definition.values import read_duration, read_moment
from ..._core.history.choice import Choice
from ..._core.history.course import is_cut_off
from ..._core.history.figures import figures_of
from ..._core.history.outcome import Outcome, read_outcomes
from ..._core.history.record import Record
from ..._core.history.record_keys import record_key, record_keys, records_prefix
from ..._core.history.table import record_lines, run_lines
from ..._core.store.stored import UnreachableError
from ..._core.traffic.pairs import read_pairs
from ..base.run import Run, together
from ..lease.holder import stored_holder
from ..store.kinds import open_store
from ..store.store import Store
from ..traffic.named_groups import find_pairs
from .series import read_series

LATEST = "latest"  # stands for the id of a run
MOST = 500  # records that are read, the latest, where not the first of them are asked for, nor more of them
NAMED = 5  # of the records that cannot be read


@dataclass(frozen=True)
class Known:
    """What is known of the runs, the latest first. ``alive`` is the run that is active, as far as a store says. Of what
    began before ``since``, not every run was read."""

    source: str
    outcomes: Sequence[Outcome]
    records: Sequence[Record] = ()
    alive: str | None = None
    since: float = 0


def history_info(options: HistoryOptions, run: Run) -> dict[str, Any]:
    """The work of module history_info."""
    now, warnings = run.clock.now(), list[str]()
    choice = Choice(options.end_states, _since(options.since, now), options.image or "")
    known = _read(options, choice, run, warnings)
    if options.run:
        one = _one(options, known, warnings)
        series = _series(options, one["record"], run, warnings) if options.series else {}
        return {"changed": False, "warnings": warnings, **one, **series}
    recent = [each for each in known.outcomes if choice.in_time(each, known.alive)]
    chosen = [each for each in recent if choice.takes(each)][: options.limit]
    began = max(choice.since, known.since) or min((each.began for each in recent), default=now)
    died = [each.outcome.run for each in known.records if each.outcome.run != known.alive and is_cut_off(each)]
    figures = figures_of(known.outcomes, began, now, died)
    return {
        "changed": False,
        "warnings": warnings,
        "source": known.source,
        "runs": [_shown(each, known.alive) for each in chosen],
        "figures": figures.as_data(),
        "lines": [*(run_lines(chosen, known.alive) or ["No run is known."]), *figures.lines()],
    }


def _one(options: HistoryOptions, known: Known, warnings: Sequence[str]) -> dict[str, Any]:
    for record in known.records:
        lines = record_lines(record, known.alive)
        alive = {"alive": record.outcome.run == known.alive}
        return {"source": known.source, "record": record.as_data() | alive, "lines": lines}
    for outcome in known.outcomes:
        if options.run in (outcome.run, LATEST):
            record = Record(options.service, outcome)
            return {
                "source": known.source,
                "record": record.as_data() | {"alive": False},
                "lines": run_lines([outcome]),
            }
    none = f"There is no run {options.run} in the history of {options.service}. List it without a run."
    raise BluegreenError(" ".join([none, *warnings]))


def _series(options: HistoryOptions, record: Mapping[str, Any], run: Run, warnings: list[str]) -> dict[str, Any]:
    """A history is worth reading without them."""
    outcome = Record.from_data(record).outcome
    try:
        groups = read_pairs(options.target_groups)
        series = read_series(run, groups, outcome.began, outcome.ended or run.clock.now())
    except BluegreenError as error:
        warnings.append(f"The requests of this time are left out. {error}")
        series = None
    return {"series": series.as_data() if series else None}


def _shown(outcome: Outcome, alive: str | None) -> dict[str, Any]:
    return {**outcome.as_data(), "alive": outcome.run == alive}


def _read(options: HistoryOptions, choice: Choice, run: Run, warnings: list[str]) -> Known:
    """The runs in the store, if there is one that answers; else those in tags, which keep the last few."""
    if options.store:
        try:
            return _stored(options, options.store, choice, run, warnings)
        except UnreachableError as error:
            warnings.append(f"{error} The last few runs are shown, from tags.")
    arns = [arn for its in find_pairs(run, read_pairs(options.target_groups)).values() for arn in its]
    return Known("tags", read_outcomes(elbv2.describe_tags(run.client("elbv2"), arns).values()))


def _stored(options: HistoryOptions, url: str, choice: Choice, run: Run, warnings: list[str]) -> Known:
    store = open_store(run, url)
    keys, most = _keys(options, choice, store)
    holder, *found = together(
        partial(stored_holder, run, url, options.service), *[partial(store.read, key) for key in keys[:most]]
    )
    texts = {key: each.text for key, each in zip(keys, found, strict=False) if each}
    records = _records(texts, warnings)
    alive = holder.claim.run if holder and holder.alive else None
    since = records[-1].outcome.began if records and len(keys) > most else 0
    if since > choice.since:
        warnings.append(
            f"Only the {most} latest of {len(keys)} records were read. Runs that began before {dated(since)} are not "
            "listed and count in no figure. A higher limit reads more."
        )
    return Known("store", [each.outcome for each in records], records, alive, since)


def _keys(options: HistoryOptions, choice: Choice, store: Store) -> tuple[list[str], int]:
    """The records that are asked for, the latest first, and how many of them to read."""
    if options.run and options.run != LATEST:
        return [record_key(options.service, options.run)], 1
    keys = record_keys(options.service, store.names(records_prefix(options.service)))
    if options.run or not (choice.narrows or choice.since):
        listed = 1 if options.run else options.limit
        return keys[:listed], listed
    return keys, max(MOST, options.limit)


def _records(texts: Mapping[str, str], warnings: list[str]) -> list[Record]:
    """The latest first. ``texts`` by their keys."""
    read = {key: Record.read(text) for key, text in texts.items()}
    if unread := [key for key, record in read.items() if record is None]:
        more = f" and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
        warnings.append(
            f"These records in the store cannot be read: {', '.join(unread[:NAMED])}{more}. They are damaged, or "
            "another version of this collection wrote them. Their runs are not listed and count in no figure."
        )
    return sorted(filter(None, read.values()), key=lambda each: (each.outcome.began, each.outcome.run), reverse=True)


def _since(given: str | None, now: float) -> float:
    """A moment, or how long ago."""
    if not given:
        return 0
    try:
        return now - read_duration(given)
    except BluegreenError:
        return datetime.fromisoformat(read_moment(given)).timestamp()
