# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads target groups and their targets, and waits for these to be where they should be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from ..._aws.traffic import elbv2, target_groups
from ..._core.base.errors import BluegreenError
from ..._core.targets.registration import (
    NAMED_IN_PROGRESS,
    Look,
    Registration,
    Target,
    TargetGroup,
    drain_of,
    targets_as_data,
)
from ..base.run import Run
from ..base.wait import poll

DELAY = "deregistration_delay.timeout_seconds"
DRAIN_MARGIN = 60  # seconds beyond the deregistration delay
LONGEST_PAUSE = 5.0  # seconds; one DescribeTargetHealth per target group each


@dataclass(frozen=True)
class Waiting:
    """For how many seconds a task waits for targets, and how many ``times`` in a row it has to see them healthy.

    ``delay``: for how long those drain that leave.
    """

    seconds: float
    times: int = 1
    delay: int = 0


def read_targets(run: Run, target_group_arn: str) -> Sequence[Target]:
    return [Target.read(item) for item in elbv2.describe_target_health(run.client("elbv2"), target_group_arn)]


def read_delay(run: Run, target_group_arn: str) -> int:
    """For how many seconds a target is reported as draining, idle or not ("Edit target group attributes" in the user
    guide)."""
    attributes = target_groups.describe_attributes(run.client("elbv2"), target_group_arn)
    return int(attributes.get(DELAY, 0))


def require_in_use(groups: Sequence[TargetGroup]) -> None:
    """Targets of a group that no route refers to are never checked: whoever waits for their health waits in vain."""
    idle = [group.name for group in groups if not group.in_use]
    if idle:
        raise BluegreenError(
            f"No listener or rule refers to target group {', '.join(idle)}, so AWS does not check the health of its "
            "targets. Put it into a route first (a weight of 0 is enough), or do not wait."
        )


def watch(
    run: Run,
    goal: str,
    look: Callable[[], Look],
    waiting: Waiting,
    confirm: Callable[[], Look] | None = None,
    first: float = 0.1,
    explain: Callable[[], str] = lambda: "",
    paced: bool = True,
) -> Look:
    """Look until everything is where it should be, and report what changes meanwhile.

    ``confirm`` takes the looks that closely follow a good one; ``explain`` adds sentences to a time-out.
    """
    said, good = "", False

    def report() -> Look:
        nonlocal said, good
        seen = confirm() if confirm and good else look()
        good, sentence = seen.reached, seen.message(NAMED_IN_PROGRESS)
        if sentence != said and (said or not good):
            run.progress(sentence)
            said = sentence
        return seen

    seen = poll(
        run,
        f"waiting until all targets are {goal}",
        report,
        attrgetter("reached"),
        waiting.seconds,
        LONGEST_PAUSE,
        first,
        waiting.times,
        standing=lambda seen: seen.message(NAMED_IN_PROGRESS),
        paced=paced,
    )
    if not seen.reached:
        raise BluegreenError(
            f"Not {goal} within {waiting.seconds:g} seconds. {seen.message()}. {explain()}".rstrip(),
            targets=targets_as_data(seen.targets),
        )
    return seen


def await_drained(
    run: Run,
    group: TargetGroup,
    leaving: Sequence[Registration],
    waiting: Waiting,
    guard: Callable[[], None] | None = None,
    seen: Sequence[Target] | None = None,
) -> Sequence[Target]:
    """No target is gone before its delay is over (``read_delay``), so the first pause is a thirtieth of that.

    Whoever returns to the group waits for ``guard``, so only the targets are read at the pace of the run. ``seen``:
    the targets, if they were read just now.
    """
    ahead = [] if seen is None else [seen]
    last: Look | None = None
    due = 0.0

    def look() -> Look:
        nonlocal last, due
        if guard:
            guard()
        if last is None or not guard or run.clock.monotonic() >= due:
            targets = ahead.pop() if ahead else read_targets(run, group.arn)
            last = Look([drain_of(leaving, targets, group.name)], targets)
            due = run.clock.monotonic() + run.pace - LONGEST_PAUSE
        return last

    first = min(LONGEST_PAUSE, max(0.1, waiting.delay / 30))
    return watch(run, "drained", look, replace(waiting, times=1), first=first, paced=not guard).targets


def result_of(
    before: Sequence[Target],
    after: Sequence[Target],
    joining: Sequence[Registration],
    leaving: Sequence[Target],
) -> dict[str, Any]:
    """What module target_registration returns. The diff shows what the task sets out to do, also in check mode."""
    left = [target.registration for target in leaving]
    was = {target.registration for target in before if not target.draining}
    return {
        "changed": bool(joining or leaving),
        "registered": targets_as_data(joining),
        "deregistered": targets_as_data(left),
        "targets": targets_as_data(after),
        "msg": health_message(after),
        "diff": {
            "before": {"targets": sorted(map(str, was))},
            "after": {"targets": sorted(map(str, (was - set(left)) | set(joining)))},
        },
    }


def health_message(targets: Sequence[Target]) -> str:
    """How many are healthy of those that stay."""
    registered = [target for target in targets if not target.draining]
    return f"{sum(target.healthy for target in registered)}/{len(registered)} healthy"
