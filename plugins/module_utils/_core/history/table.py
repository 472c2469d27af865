# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of a service as a table for a person, and one of them in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.columns import in_columns
from ..base.durations import elapsed
from ..base.timestamps import utc
from .outcome import Outcome
from .record import Record, RecordedStage

HEADINGS = ("began (UTC)", "took", "what", "from", "to", "end", "run", "by")
STAGES = ("", "began", "took", "stage", "what was seen")


def run_lines(outcomes: Sequence[Outcome], alive: str | None = None) -> list[str]:
    """``alive``: the run that is active."""
    return in_columns([HEADINGS, *(_row(each, alive) for each in outcomes)]) if outcomes else []


def _row(outcome: Outcome, alive: str | None) -> tuple[str, ...]:
    return (
        _moment(outcome.began),
        elapsed(outcome.ended - outcome.began) if outcome.ended else "-",
        outcome.doing,
        outcome.before.release or "-",
        outcome.to.release or "-",
        outcome.end_state or ("active" if outcome.run == alive else "died"),
        outcome.run,
        outcome.by or "-",
    )


def record_lines(record: Record, alive: str | None = None) -> list[str]:
    """``alive``: the run that is active."""
    outcome = record.outcome
    by = f", by {outcome.by}" if outcome.by else ""
    return [
        f"{record.service}: {outcome.doing}, run {outcome.run}{by}",
        f"from {outcome.before} to {outcome.to}",
        *([f"why: {record.why}"] if record.why else []),
        *in_columns([STAGES, *(_stage_row(record, each) for each in record.stages)]),
        *([record.message] if outcome.ended else [_unended(record, alive)]),
    ]


def _unended(record: Record, alive: str | None) -> str:
    """How far a run came."""
    state = "is active" if record.outcome.run == alive else "has ended without an outcome"
    numbered = [each for each in record.stages if each.number]
    if not numbered:
        return f"The run {state}; it has begun no stage."
    last = numbered[-1]
    where = "is done" if last.ended else "has begun and has not ended"
    return f"The run {state}: stage {last.number} of {len(record.plan)}, {last.title}, {where}."


def _stage_row(record: Record, stage: RecordedStage) -> tuple[str, ...]:
    number = f"{stage.number}/{len(record.plan)}" if stage.number else ""
    took = "-" if stage.ended is None else elapsed(stage.ended - stage.began)
    return number, f"{utc(stage.began):%H:%M:%S}", took, stage.title, seen(stage.evidence)


def seen(evidence: Mapping[str, Any]) -> str:
    """In one line: the verdict and its reasons, or what was done."""
    reasons = evidence.get("reasons") or evidence.get("findings") or []
    verdict = evidence.get("verdict", "")
    moves = ", ".join(f"{each['weight']} % after {each['seconds']:g} s" for each in evidence.get("moves", []))
    said = " ".join(map(str, reasons)) or moves or str(evidence.get("msg", ""))
    return ": ".join(each for each in (verdict, said) if each)


def _moment(seconds: int) -> str:
    return f"{utc(seconds):%Y-%m-%d %H:%M:%S}"
