# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps: the candidate's share of the traffic, and how long it must stay good there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import pairwise
from typing import Any

from ..base.errors import BluegreenError
from ..base.numbers import is_whole

ROLLBACK, CONTINUE = "rollback", "continue"


@dataclass(frozen=True)
class Pause:
    """For a person to approve what comes next; what is to be done when nobody has within this many seconds."""

    seconds: int
    then: str = ROLLBACK


@dataclass(frozen=True)
class Step:
    """``bake_seconds`` is None where nothing was said about it; ``pause`` follows the bake."""

    weight: int
    bake_seconds: int | None = None
    pause: Pause | None = None

    def as_data(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


KEYS = [field.name for field in fields(Step)]


def parse_steps(given: Any) -> list[Step]:
    """The steps as given by a person, or an error that lists everything that is wrong with them."""
    if problems := _problems(given):
        raise BluegreenError(" ".join(problems))
    return [_step(step) for step in given]


def _step(given: Mapping[str, Any]) -> Step:
    pause = given.get("pause")
    return Step(
        int(str(given["weight"])),
        int(str(given["bake_seconds"])) if "bake_seconds" in given else None,
        Pause(int(str(pause["seconds"])), pause.get("then", ROLLBACK)) if pause else None,
    )


def with_bakes(steps: Sequence[Step], final_bake_seconds: int) -> list[Step]:
    """The steps with defaults for their bakes: the last step bakes for that long, the others do not bake."""
    *early, last = steps
    return [
        *(replace(step, bake_seconds=step.bake_seconds or 0) for step in early),
        replace(last, bake_seconds=final_bake_seconds if last.bake_seconds is None else last.bake_seconds),
    ]


def baking_seconds(steps: Sequence[Step], lag: int) -> int:
    """How long all bakes take together, each with this ``lag`` until its metrics have arrived."""
    return sum(step.bake_seconds + lag for step in steps if step.bake_seconds)


def times_judged(steps: Sequence[Step]) -> int:
    """How many times metrics judge a whole release: in each bake, and in each pause after one."""
    return sum(2 if step.pause else 1 for step in steps if step.bake_seconds)


def find_lack_of_time(steps: Sequence[Step], lag: int, seconds: int) -> str | None:
    """A finding when the steps take longer than the whole shift may take: ``seconds``, 0 for any time. A pause may
    be over at once."""
    baking = baking_seconds(steps, lag)
    if not seconds or baking < seconds:
        return None
    waits = f", {lag} s of each for metrics that arrive late" if lag else ""
    return (
        f"The steps bake for {baking} s together{waits}, so the shift could not be finished within the {seconds} s "
        "that bluegreen_shift_timeout gives it."
    )


def find_short_bakes(steps: Sequence[Step], least: int) -> str | None:
    """A finding when a step bakes for less than ``least`` seconds. One without a bake judges no metrics."""
    short = [step for step in steps if 0 < (step.bake_seconds or 0) < least]
    if not short:
        return None
    said = " and ".join(f"{step.bake_seconds} s at {step.weight} %" for step in short)
    return (
        f"The bake of {said} would be over before CloudWatch has its metrics, and bluegreen_metrics is set. Bake for "
        f"at least {least} s, as in {{weight: {short[0].weight}, bake_seconds: {least}}}, or for 0 s without metrics."
    )


def _problems(given: Any) -> list[str]:
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        return [f"Steps are a list of at least one {{weight, bake_seconds}}; given: {given}."]
    problems = [problem for number, step in enumerate(given, 1) for problem in _problems_of(number, step)]
    return problems or _problems_of_order([int(str(step["weight"])) for step in given])


def remaining(steps: Sequence[Step], current_weight: int) -> list[Step]:
    """What is still to be done where the candidate has ``current_weight``: never a step back.

    The step that the candidate stands on is done again: nobody knows whether its bake was over.
    """
    return [step for step in steps if step.weight >= current_weight]


def _problems_of(number: int, step: Any) -> list[str]:
    if not isinstance(step, Mapping):
        return [f"Step {number} is not of the form {{weight, bake_seconds}}: {step}."]
    problems = [
        f"Step {number} has an unknown key {key}; a step has {', '.join(KEYS)}." for key in step if key not in KEYS
    ]
    if not is_whole(step.get("weight"), 100):
        problems.append(f"Step {number} needs a weight, a whole percent from 0 to 100; given: {step.get('weight')}.")
    if not is_whole(step.get("bake_seconds", 0)):
        problems.append(f"Step {number} needs whole bake_seconds, 0 or more; given: {step['bake_seconds']}.")
    if "pause" in step and not _is_pause(step["pause"]):
        problems.append(
            f"The pause of step {number} has whole seconds, 1 or more, and then, which is {ROLLBACK} or {CONTINUE}; "
            f"given: {step['pause']}."
        )
    return problems


def _is_pause(given: Any) -> bool:
    return (
        isinstance(given, Mapping)
        and set(given) <= {"seconds", "then"}
        and is_whole(given.get("seconds"))
        and int(str(given["seconds"])) > 0
        and given.get("then", ROLLBACK) in (ROLLBACK, CONTINUE)
    )


def _problems_of_order(weights: Sequence[int]) -> list[str]:
    said = ", ".join(map(str, weights))
    problems = []
    if any(later <= earlier for earlier, later in pairwise(weights)):
        problems.append(f"The weights of the steps must rise from one to the next; given: {said}.")
    if weights[-1] != 100:
        problems.append(f"The last step must have weight 100, or the release would never be finished; given: {said}.")
    return problems
