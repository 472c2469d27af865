# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Baking: an observation of alarms, target health and metrics, and the verdict that follows from it.

Fails closed: what cannot be read is a failure, and what has no data is in doubt, never good.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..base.arns import arn_resource, target_group_name
from ..base.verdicts import FAIL, INCONCLUSIVE, PASS
from ..targets.registration import Target, targets_as_data
from .alarms import IN_ALARM, NO_DATA, Alarm
from .analysis import Judgement


@dataclass(frozen=True)
class GroupHealth:
    """A target group's targets, and how many of them must be healthy."""

    arn: str
    minimum_healthy: int
    targets: Sequence[Target]

    @property
    def healthy(self) -> int:
        return sum(target.healthy for target in self.targets)

    @property
    def short(self) -> bool:
        return self.healthy < self.minimum_healthy

    def as_data(self) -> dict[str, Any]:
        return {
            "target_group_arn": self.arn,
            "healthy": self.healthy,
            "minimum_healthy": self.minimum_healthy,
            "targets": targets_as_data(self.targets),
        }

    def __str__(self) -> str:
        bad = ", ".join(str(target) for target in self.targets if not target.healthy)
        return (
            f"Target group {target_group_name(self.arn)} has {self.healthy} healthy targets of at least "
            f"{self.minimum_healthy}: {bad or 'no other target is registered'}."
        )


@dataclass(frozen=True)
class Observation:
    """One look. ``unread`` are sentences about what could not be read, ``throttled`` about what was not read because of
    too many calls, ``withdrawn`` says why nothing is waited for any more, ``approved_by`` is who approved."""

    alarms: Sequence[Alarm] = ()
    groups: Sequence[GroupHealth] = ()
    judgements: Sequence[Judgement] = ()
    unread: Sequence[str] = ()
    throttled: Sequence[str] = ()
    withdrawn: Sequence[str] = ()
    approved_by: str | None = None

    def judged(self, verdict: str) -> list[str]:
        """What the metrics that decide say for this verdict."""
        return [str(each) for each in self.judgements if each.verdict == verdict and not each.metric.dry_run]

    def without(self, resources: Collection[str]) -> Observation:
        """What is left when these judge nothing: neither their target groups nor alarms that are only about them.

        Resources are named as in dimensions of metrics: by the last part of the ARN, or by the name of the group.
        """
        return replace(
            self,
            alarms=[alarm for alarm in self.alarms if not alarm.only_about(resources)],
            groups=[group for group in self.groups if arn_resource(group.arn) not in resources],
        )

    def without_silent(self, resources: Collection[str]) -> Observation:
        """Without alarms that have no data and are only about these, which get no requests."""
        silent = [alarm for alarm in self.alarms if alarm.state == NO_DATA and alarm.only_about(resources)]
        return replace(self, alarms=[alarm for alarm in self.alarms if alarm not in silent])

    def shows_down(self, resources: Collection[str]) -> bool:
        """Whether one of their target groups is short of healthy targets."""
        return any(group.short for group in self.groups if arn_resource(group.arn) in resources)

    def shows_up(self, resources: Collection[str]) -> bool:
        """Whether all their target groups that are checked have enough, and alarms that went off for them are quiet."""
        seen = [group for group in self.groups if arn_resource(group.arn) in resources]
        in_alarm = any(alarm.in_alarm and alarm.only_about(resources) for alarm in self.alarms)
        return bool(seen) and not self.shows_down(resources) and not in_alarm


def merge(parts: Sequence[Observation]) -> Observation:
    return Observation(
        alarms=[alarm for part in parts for alarm in part.alarms],
        groups=[group for part in parts for group in part.groups],
        judgements=[judgement for part in parts for judgement in part.judgements],
        unread=[sentence for part in parts for sentence in part.unread],
        throttled=[sentence for part in parts for sentence in part.throttled],
        withdrawn=[sentence for part in parts for sentence in part.withdrawn],
        approved_by=next((part.approved_by for part in parts if part.approved_by), None),
    )


@dataclass(frozen=True)
class Verdict:
    verdict: str
    reasons: Sequence[str] = ()


def judge(latest: Observation, before: Observation | None) -> Verdict:
    """The verdict if the bake ended with this look; ``before`` is the look before it.

    A target group is short of healthy targets when two looks in a row say so: DescribeTargetHealth is eventually
    consistent, and a target that was just replaced is not an outage. What cannot be read fails when two looks in a row
    could not read something: one hiccup of AWS says nothing about a release. In the last look alone each is a doubt.
    A throttle never fails: it says how many others call AWS.
    """
    short_before = {group.arn for group in before.groups if group.short} if before else set()
    short = [group for group in latest.groups if group.short]
    failures = [
        *latest.withdrawn,
        *(latest.unread if before and before.unread else []),
        *[str(alarm) for alarm in latest.alarms if alarm.in_alarm],
        *[str(group) for group in short if group.arn in short_before],
        *latest.judged(FAIL),
    ]
    if failures:
        return Verdict(FAIL, failures)
    doubts = [
        *latest.unread,
        *latest.throttled,
        *[str(alarm) for alarm in latest.alarms if alarm.state == NO_DATA],
        *[f"In the last look: {group}" for group in short],
        *latest.judged(INCONCLUSIVE),
    ]
    return Verdict(INCONCLUSIVE, doubts) if doubts else Verdict(PASS)


def conclude(verdict: Verdict, doubts: Sequence[str], *, in_time: bool, missing: str = "") -> Verdict:
    """The verdict of a whole bake, after that of its last look. After the deadline, earlier observations do not count.
    ``missing``: the approval without which it fails."""
    if verdict.verdict == FAIL:
        return verdict
    if missing:
        return Verdict(FAIL, [missing])
    reasons = [*verdict.reasons, *doubts]
    if not in_time:
        return Verdict(FAIL, ["The time limit of the shift was reached.", *reasons])
    return Verdict(INCONCLUSIVE, reasons) if doubts else verdict


def evidence_at(latest: Observation, now: float) -> float:
    """When the failure could be read, in seconds since the epoch: when the alarm changed its state, or else with this
    look."""
    rang = [alarm.updated for alarm in latest.alarms if alarm.state == IN_ALARM and alarm.updated]
    return min((datetime.fromisoformat(each).timestamp() for each in rang), default=now)


def news(latest: Observation, before: Observation | None) -> list[str]:
    """What has changed since the look before, for the person who waits."""
    if before is None:
        return []
    states = {alarm.name: alarm.state for alarm in before.alarms}
    healthy = {group.arn: group.healthy for group in before.groups}
    verdicts = {each.metric.name: each.verdict for each in before.judgements}
    answers = [f"Approved by {latest.approved_by}."] if latest.approved_by and not before.approved_by else []
    return [
        *answers,
        *[sentence for sentence in latest.throttled if not before.throttled],
        *[str(alarm) for alarm in latest.alarms if states.get(alarm.name) != alarm.state],
        *[str(group) for group in latest.groups if healthy.get(group.arn) != group.healthy],
        *[str(each) for each in latest.judgements if verdicts.get(each.metric.name) != each.verdict],
    ]
