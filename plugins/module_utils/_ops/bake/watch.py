# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches alarms, target health and metrics for a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import inf
from typing import Any

from ..._aws.base.errors import AwsError
from ..._aws.traffic import elbv2
from ..._core.bake.observation import GroupHealth, Observation, Verdict, evidence_at, judge, merge, news, tell
from ..._core.base.arns import arn_resource
from ..._core.base.errors import BluegreenError
from ..._core.base.verdicts import FAIL
from ..._core.targets.registration import Target
from ..base.run import Run, together
from ..base.wait import poll
from ..traffic.routes import target_group_arns
from .alarms import await_quiet, read_alarms
from .analysis import Analysis
from .approval import read_approval
from .minimums import read_minimums
from .propagation import Propagation

SECOND_LOOK_SECONDS = 1.0

Part = Callable[[], Observation]
Look = tuple[Observation, Verdict]


def bake(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module bake. In check mode it looks once."""
    _check(options)
    left = options["deadline"] - run.clock.now() if options["deadline"] is not None else inf
    seconds = 0 if run.check_mode else max(0, min(options["seconds"], left))
    if options["quiet_timeout"]:
        await_quiet(run, options["alarms"], _resources(run, options["candidate"]), options["quiet_timeout"])
    unjudged = [] if options["judge_stable"] else _resources(run, options["stable"])
    parts = _parts(run, options, unjudged)
    if options["approval"]:
        parts.append(partial(_approval, run, **options["approval"]))
    analysis = Analysis(run, options, seconds) if options["metrics"] else None
    watch = Watch(run, [*parts, analysis.look] if analysis else parts)
    propagation = Propagation(run, options)
    start = run.clock.monotonic()
    last, verdict = poll(watch.look, _decided, run.clock, seconds, options["interval"], options["interval"])
    if not _decided((last, verdict)) and not propagation.followed():
        timeout = min(options["propagation_timeout"], left) - (run.clock.monotonic() - start)
        last, verdict = poll(
            watch.look, lambda look: _decided(look) or propagation.followed(), run.clock, timeout, options["interval"]
        )
    if last.unread and not _decided((last, verdict)):  # a bake does not end with a look that failed
        run.clock.sleep(min(SECOND_LOOK_SECONDS, options["interval"]))
        last, verdict = watch.look()
    if analysis and verdict.verdict != FAIL:
        last, verdict = watch.conclude(analysis.conclude)
    verdict = verdict.doubted(propagation.doubts)
    watched = run.clock.monotonic() - start
    if verdict.verdict != FAIL and watched >= left:
        verdict = verdict.too_late()
    return {
        "changed": False,
        "verdict": verdict.verdict,
        "msg": tell(verdict, last, round(watched, 1)),
        "reasons": list(verdict.reasons),
        "alarms": [alarm.as_data() for alarm in last.alarms],
        "target_groups": [group.as_data() for group in last.groups],
        "metrics": [judgement.as_data() for judgement in last.judgements],
        "approved_by": last.approved_by,
        "evidence_at": evidence_at(last, run.clock.now()) if verdict.verdict == FAIL else None,
        "seconds": round(watched, 1),
        "ended_at": run.clock.now(),
    }


class Watch:
    """Looks at all parts at the same time, and compares with the look before."""

    def __init__(self, run: Run, parts: Sequence[Part]) -> None:
        self._run = run
        self._parts = [partial(_read, part) for part in parts]
        self._looks: list[Observation | None] = [None, None]  # the one before, and the latest

    def look(self) -> Look:
        latest, before = merge(together(*self._parts)), self._looks[1]
        for sentence in news(latest, before):
            self._run.progress(sentence)
        self._looks = [before, latest]
        return latest, judge(latest, before)

    def conclude(self, part: Part) -> Look:
        """The last look once more, with what this part says at the end in place of what its look said."""
        before, latest = self._looks
        rest = replace(latest or Observation(), judgements=())
        final = merge([rest, _read(part)])
        if final.unread:
            before, final = final, merge([rest, _read(part)])
        return final, judge(final, before)


def _check(options: Mapping[str, Any]) -> None:
    for name in ("interval", "metrics_interval"):
        if options[name] <= 0:
            raise BluegreenError(f"{name} is more than 0 seconds; given: {options[name]:g}.")
    if options["seconds"] < 0:
        raise BluegreenError(f"seconds is 0 or more; given: {options['seconds']}.")
    if not 0 < options["significance"] < 1:
        raise BluegreenError(f"significance is a probability between 0 and 1; given: {options['significance']:g}.")


def _resources(run: Run, color: Mapping[str, Any] | None) -> list[str]:
    """What alarms that are only about this color name."""
    if not color:
        return []
    (arn,) = target_group_arns(run, [color["target_group"]], []).values()
    return [arn_resource(arn), str(color["placeholders"].get("auto_scaling_group", ""))]


def _parts(run: Run, options: Mapping[str, Any], unjudged: Sequence[str]) -> list[Part]:
    arns = target_group_arns(run, [group["target_group"] for group in options["target_groups"]], [])
    judged = [group for group in options["target_groups"] if arn_resource(arns[group["target_group"]]) not in unjudged]
    minimums = read_minimums(run, judged)
    health: list[Part] = [
        partial(_health, run, arns[group["target_group"]], minimum)
        for group, minimum in zip(judged, minimums, strict=True)
    ]
    return [partial(_alarms, run, options["alarms"], unjudged), *health]


def _decided(look: Look) -> bool:
    return look[1].verdict == FAIL or look[0].approved_by is not None


def _read(part: Part) -> Observation:
    try:
        return part()
    except AwsError as error:
        return Observation(unread=[str(error)])


def _alarms(run: Run, names: Sequence[str], unjudged: Sequence[str]) -> Observation:
    return Observation(alarms=[alarm for alarm in read_alarms(run, names) if not alarm.only_about(unjudged)])


def _health(run: Run, arn: str, minimum_healthy: int) -> Observation:
    targets = [Target.read(item) for item in elbv2.describe_target_health(run.client("elbv2"), arn)]
    return Observation(groups=[GroupHealth(arn, minimum_healthy, targets)])


def _approval(run: Run, group: str, weight: int) -> Observation:
    """Rollback takes the question back: who waits for an answer then waits for nothing."""
    approval = read_approval(run, group)
    if approval is None:
        return Observation(withdrawn=[f"{group} asks for no approval any more: its release was taken back."])
    return Observation(approved_by=approval.by if approval.weight == weight else None)
