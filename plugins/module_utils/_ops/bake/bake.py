# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches alarms, target health and metrics for a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from math import inf
from typing import Any, NamedTuple, TypeVar

from ..._args.bake.bake import BakeOptions
from ..._aws.base.errors import AwsError
from ..._core.bake.alarms import Alarm
from ..._core.bake.baseline import BEFORE
from ..._core.bake.observation import Observation, Verdict, conclude, evidence_at, judge, merge, news
from ..._core.bake.report import message, standing
from ..._core.base.errors import BluegreenError
from ..._core.base.timestamps import dated
from ..._core.base.verdicts import FAIL, PASS
from ..base.run import Run, together
from ..base.wait import poll
from .alarms import await_quiet
from .analysis import Analysis
from .parts import Part, look_at_alarms, read_parts, resources_of
from .propagation import Propagation

SECOND_LOOK_SECONDS = 1.0
THROTTLED_SECONDS = 300.0  # for which a bake waits beyond its time for an answer
FOLLOWING_PAUSE = 1.0  # seconds before the first look for requests that follow the weights


class BakeLook(NamedTuple):
    """One look at a release, and the verdict about it."""

    seen: Observation
    judged: Verdict


T = TypeVar("T")


def bake(options: BakeOptions, run: Run) -> dict[str, Any]:
    """The work of module bake. It only reads; in check mode it looks once."""
    _check(options)
    parts = _patiently(run, partial(read_parts, run, options))
    alarms = partial(look_at_alarms, run, options.alarms, _quiet_alarms(options, run))
    left = inf if options.deadline is None else options.deadline - run.clock.now()
    seconds = 0 if run.check_mode else max(0, min(options.seconds, left))

    watch = _patiently(run, lambda: Watch(run, options, [alarms, *parts], seconds))
    last, verdict = watch.until_over(left)
    watched = watch.seconds
    missing = "" if run.check_mode else _missing_approval(options, last)
    verdict = conclude(verdict, watch.doubts, in_time=watched < left, missing=missing)
    return {
        "changed": False,
        "verdict": verdict.verdict,
        "msg": message(verdict, last, round(watched, 1), watch.candidate, *watch.facts(verdict, last)),
        "reasons": list(verdict.reasons),
        "alarms": [alarm.as_data() for alarm in last.alarms],
        "target_groups": [group.as_data() for group in last.groups],
        "metrics": [judgement.as_data() for judgement in last.judgements],
        "approved_by": last.approved_by,
        "stable_down": watch.stable_down,
        "evidence_at": evidence_at(last, run.clock.now()) if verdict.verdict == FAIL else None,
        "seconds": round(watched, 1),
        "ended_at": run.clock.now(),
    }


def _quiet_alarms(options: BakeOptions, run: Run) -> list[list[Alarm]]:
    """The alarms as they were when the wait for their silence ended; none where nothing was waited for."""
    if not options.quiet_timeout:
        return []
    resources = _patiently(run, partial(resources_of, run, options.candidate))
    seen = await_quiet(run, options.alarms, resources, options.quiet_timeout)
    return [] if seen is None else [seen]


def _patiently(run: Run, read: Callable[[], T]) -> T:
    return poll(run, "waiting until AWS answers", read, lambda _answer: True, THROTTLED_SECONDS)


def _missing_approval(options: BakeOptions, last: Observation) -> str:
    asked = options.approval
    if asked is None or asked.then == "continue" or last.approved_by:
        return ""
    return f"Nobody has approved {asked.group} at {asked.weight} % within {options.seconds} s."


def _check(options: BakeOptions) -> None:
    for name, value in (("interval", options.interval), ("metrics_interval", options.metrics_interval)):
        if value <= 0:
            raise BluegreenError(f"{name} must be more than 0 seconds; given: {value:g}.")
    if options.seconds < 0:
        raise BluegreenError(f"seconds must be 0 or more; given: {options.seconds}.")
    if options.metrics_lag < 0:
        raise BluegreenError(f"metrics_lag must be 0 seconds or more; given: {options.metrics_lag:g}.")
    if not 0 < options.significance < 1:
        raise BluegreenError(f"significance must be a probability between 0 and 1; given: {options.significance:g}.")


class Watch:
    """Looks at all parts at the same time, again and again, and compares each look with the one before.

    It begins when this is made, and is to last this many ``seconds``.
    """

    def __init__(self, run: Run, options: BakeOptions, parts: Sequence[Part], seconds: float) -> None:
        self._run, self._options, self._length = run, options, seconds
        self._interval = max(options.interval, run.pace)
        self._analysis = Analysis(run, options, seconds) if options.metrics else None
        self._parts = [partial(_read, part) for part in [*parts, *([self._analysis.look] if self._analysis else [])]]
        self._propagation = Propagation(run, options)
        self._looks: list[Observation | None] = [None, None]  # the one before, and the latest
        self._last = BakeLook(Observation(), Verdict(PASS))
        self._start = run.clock.monotonic()
        self._stable = [] if options.judge_stable == "always" else resources_of(run, options.stable)
        self._idle = resources_of(run, options.stable) if options.alarms and options.baseline == BEFORE else []
        self._unseen = options.judge_stable == "unless_down"  # no look has shown yet whether stable is down
        self._unjudged = self._stable if options.judge_stable == "once_up" else []
        self.candidate = options.candidate.every if options.candidate else []

    @property
    def seconds(self) -> float:
        """For how long it has watched."""
        return self._run.clock.monotonic() - self._start

    @property
    def stable_down(self) -> bool:
        """Whether stable is not judged, because it was down before."""
        return bool(self._unjudged) and not self._unseen

    @property
    def doubts(self) -> Sequence[str]:
        return self._propagation.doubts

    def until_over(self, left: float) -> BakeLook:
        """Until a look decides, or the time has ended and the requests follow the weights, for which there are this
        many seconds ``left``. A bake does not end with a look that failed."""
        clock, interval = self._run.clock, self._interval
        look = poll(
            self._run,
            self._doing(clock.now() + self._length),
            self._look,
            _decides,
            self._length,
            interval,
            interval,
            standing=lambda look: standing(look.seen, self.candidate),
        )
        if not _decides(look):
            look = self._await_metrics(look, left)
        if not _decides(look):
            look = self._follow(left)
        throttled = min(THROTTLED_SECONDS, left - self.seconds)
        if look.seen.throttled and not _decides(look) and throttled > 0 and not self._run.check_mode:
            look = self._past_throttles(throttled)
        if look.seen.unread and not _decides(look):
            clock.sleep(min(SECOND_LOOK_SECONDS, interval))
            look = self._look()
        if self._analysis and look.judged.verdict != FAIL:
            look = self._conclude(self._analysis.conclude)
        return look

    def _await_metrics(self, look: BakeLook, left: float) -> BakeLook:
        """Look on until the metrics of the whole bake have arrived. Who has approved waits for nothing more."""
        wait = min(self._length + self._options.metrics_lag, left) - self.seconds
        if not self._analysis or not self._analysis.decides or not self._length or self._options.approval or wait <= 0:
            return look
        doing = "waiting for the metrics of the last minutes"
        return self._look_on(doing, _decides, wait, self._interval, lambda look: standing(look.seen, self.candidate))

    def _follow(self, left: float) -> BakeLook:
        """Look on until the requests follow the weights. If that cannot be read, it is in doubt."""
        timeout = min(self._options.propagation_timeout, left) - self.seconds
        doing, pause = "waiting until the requests follow the weights", min(FOLLOWING_PAUSE, self._interval)
        done, propagation = self._decides_or_follows, self._propagation
        try:
            return self._look_on(doing, done, timeout, pause, lambda _look: propagation.standing())
        except AwsError as error:
            propagation.doubts = [str(error)]
            return self._last

    def _past_throttles(self, timeout: float) -> BakeLook:
        """Look on until AWS answers everything: what was not seen is no reason to return the traffic."""
        return self._look_on(
            "waiting until AWS answers",
            lambda look: _decides(look) or not look.seen.throttled,
            timeout,
            self._interval,
            lambda look: " ".join(look.seen.throttled),
        )

    def _look_on(
        self,
        doing: str,
        done: Callable[[BakeLook], bool],
        timeout: float,
        pause: float,
        standing: Callable[[BakeLook], str],
    ) -> BakeLook:
        """The last look was just before, so the next comes after a pause: it would show nothing new at once."""
        looks = chain([self._last], iter(self._look, None))
        return poll(self._run, doing, partial(next, looks), done, timeout, self._interval, pause, standing=standing)

    def facts(self, verdict: Verdict, last: Observation) -> list[str]:
        """What people read next to how it stands, unless it has failed: then there is no time for more calls."""
        if verdict.verdict == FAIL:
            return []
        answered = f"approved by {last.approved_by}" if last.approved_by else "nobody approved"
        return [*([answered] if self._options.approval else []), self._propagation.requests()]

    def _doing(self, end: float) -> str:
        if approval := self._options.approval:
            weight, until = approval.weight, dated(end)
            how = f"approve.yml with bluegreen_approve_weight={weight}"
            return f"waiting for approval at {weight} % until {until} ({how})"
        color = self._options.candidate.placeholders.get("color") if self._options.candidate else None
        return f"baking {color}" if color else "baking"

    def _decides_or_follows(self, look: BakeLook) -> bool:
        return _decides(look) or self._propagation.followed()

    def _look(self) -> BakeLook:
        latest, before = self._judged(merge(together(*self._parts))), self._looks[1]
        for sentence in news(latest, before):
            self._run.progress(sentence)
        self._looks, self._last = [before, latest], BakeLook(latest, judge(latest, before))
        return self._last

    def _judged(self, look: Observation) -> Observation:
        """Without a stable environment that was down before, until it is up again, or of which no look has shown yet
        whether it was, and without what one that has no traffic cannot show."""
        if self._unseen:
            self._unseen = len(look.groups) < len(self._options.target_groups)
            self._unjudged = self._stable if self._unseen or look.shows_down(self._stable) else []
        elif look.shows_up(self._unjudged):
            self._unjudged = []
        return look.without(self._unjudged).without_silent(self._idle)

    def _conclude(self, part: Part) -> BakeLook:
        """The last look once more, with what this part says at the end in place of what its look said."""
        before, latest = self._looks
        concluded = _read(partial(_patiently, self._run, part))
        final = merge([replace(latest or Observation(), judgements=()), concluded])
        return BakeLook(final, judge(final, final if concluded.unread else before))


def _decides(look: BakeLook) -> bool:
    """An answer of a person ends the watch, whatever it is."""
    return look.judged.verdict == FAIL or look.seen.approved_by is not None


def _read(part: Callable[[], Observation]) -> Observation:
    try:
        return part()
    except AwsError as error:
        return Observation(throttled=[str(error)]) if error.throttled else Observation(unread=[str(error)])
