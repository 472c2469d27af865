# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a page shows of a record: how the run ended in a word, the weights over time, and how each stage went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..base.end_states import (
    HALTED,
    PAUSED,
    PROVISIONED,
    REFUSED,
    ROLLED_BACK,
    SUCCEEDED,
    UNCHANGED,
    UNSUCCESSFUL,
    VERIFIED,
)
from ..base.verdicts import FAIL, INCONCLUSIVE
from .record import Record, RecordedStage

GOOD, WARN, BAD, IDLE = "good", "warn", "bad", "idle"
DONE, FAILED, DOUBTFUL, OPEN, SKIPPED = "done", "failed", "doubtful", "open", "skipped"
ENDS = {
    SUCCEEDED: ("Succeeded", GOOD),
    ROLLED_BACK: ("Rolled back", WARN),
    HALTED: ("Halted: a person is needed", BAD),
    PAUSED: ("Paused", WARN),
    REFUSED: ("Refused: nothing was changed", WARN),
    UNCHANGED: ("Nothing to do", IDLE),
    PROVISIONED: ("Built, without traffic", GOOD),
    VERIFIED: ("Verified, without traffic", GOOD),
}


@dataclass(frozen=True)
class Weights:
    """From this moment on, by color."""

    at: float
    percents: Mapping[str, int]


@dataclass(frozen=True)
class CourseStep:
    """A stage as it is shown: one that was planned and did not begin has no ``stage``."""

    title: str
    number: int | None
    state: str
    stage: RecordedStage | None = None


def verdict(record: Record, *, alive: bool) -> tuple[str, str]:
    """In a word, and what it means for the service."""
    end = record.outcome.end_state
    if record.outcome.is_rollback and end == ROLLED_BACK:
        return "Rolled back", GOOD
    if not end:
        return ("At work", IDLE) if alive else ("Died without an end", BAD)
    return ENDS.get(end, (end, IDLE))


def releases(record: Record) -> dict[str, str]:
    """The release of each color, stable's first."""
    if not record.traffic:
        return {}
    stable = record.traffic.stable
    before, to = record.outcome.before, record.outcome.to
    if record.outcome.is_rollback:
        before, to = to, before
    others = [color for color in record.traffic.weights if color != stable]
    return {stable: before.release} | dict.fromkeys(others, to.release)


def weights(record: Record) -> list[Weights]:
    """The first is how it stood when the run began."""
    if not record.traffic:
        return []
    found = [Weights(record.outcome.began, record.traffic.weights)]
    for stage in record.stages:
        for each in _changes(record, stage):
            if each.percents != found[-1].percents:
                found.append(each)
    return found


def _changes(record: Record, stage: RecordedStage) -> Iterator[Weights]:
    traffic = record.traffic
    if traffic is None:
        return
    if given := stage.evidence.get("weights"):
        yield Weights(stage.began, traffic.by_color(given))
    for move in stage.evidence.get("moves", []):
        weight = move["weight"]
        shares = {color: weight if color == traffic.stable else 100 - weight for color in traffic.weights}
        yield Weights(stage.began + move["seconds"], shares)


def highest_share(record: Record) -> tuple[str, int] | None:
    """The candidate's color and the most traffic that it had in this run."""
    colors = [color for color in releases(record) if record.traffic and color != record.traffic.stable]
    return max(
        ((color, max(each.percents.get(color, 0) for each in weights(record))) for color in colors), default=None
    )


def is_cut_off(record: Record) -> bool:
    """Whether it has no end, and users had got the release, which was not declared stable yet."""
    share = highest_share(record)
    settled = any(each.evidence.get("stable") for each in record.stages)
    return not record.outcome.end_state and not settled and share is not None and share[1] > 0


def failed_at(record: Record) -> float | None:
    """When the failure could be read."""
    return next((each.evidence["evidence_at"] for each in record.stages if each.evidence.get("evidence_at")), None)


def steps(record: Record, *, alive: bool) -> list[CourseStep]:
    """Each stage, then those that were planned and did not begin."""
    last = max((each.number for each in record.stages if each.number), default=0)
    shown = [CourseStep(each.title, each.number, _state(record, each, last, alive), each) for each in record.stages]
    return shown + [CourseStep(title, number, SKIPPED) for number, title in enumerate(record.plan, 1) if number > last]


def _state(record: Record, stage: RecordedStage, last: int, alive: bool) -> str:
    if stage.evidence.get("verdict") == FAIL or stage.evidence.get("findings"):
        return FAILED
    if stage.number and stage.number == last and record.outcome.end_state in UNSUCCESSFUL:
        return FAILED
    if stage.ended is None and not record.outcome.ended:
        return OPEN if alive else FAILED
    return DOUBTFUL if stage.evidence.get("verdict") == INCONCLUSIVE else DONE
