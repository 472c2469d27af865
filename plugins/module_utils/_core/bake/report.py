# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read of a bake: how it stands on the way, and what it has found at its end."""

from __future__ import annotations

from collections.abc import Collection

from ..base.arns import target_group_name
from ..base.verdicts import FAIL, PASS
from .alarms import QUIET
from .observation import GroupHealth, Observation, Verdict
from .propagation import Split

UNREAD, UNCOUNTED = "requests could not be read", "requests not yet counted"


def standing(seen: Observation, candidate: Collection[str] = ()) -> str:
    """``alarms ok, 3/3 healthy``. Of target groups those of the candidate, by name or ARN; all when these are not
    among them."""
    own = [group for group in seen.groups if {group.arn, target_group_name(group.arn)} & set(candidate)]
    shown = own or list(seen.groups)
    health = [_healthy(group, named=len(shown) > 1) for group in shown]
    return ", ".join([*_alarms(seen), *health, *_metrics(seen), *seen.unread, *seen.throttled])


def message(verdict: Verdict, last: Observation, seconds: float, candidate: Collection[str] = (), *news: str) -> str:
    """A sentence about a bake. For a failure its reasons; else the ``news`` and how it stands, then doubts, and the
    numbers of the metrics."""
    if verdict.verdict == FAIL:
        return " ".join(verdict.reasons)
    numbers = [str(each) for each in last.judgements if str(each) not in verdict.reasons]
    how = standing(last, candidate)
    if not last.alarms and not last.groups and not any(not each.metric.dry_run for each in last.judgements):
        how = f"nothing was watched for {seconds:g} s: neither alarms nor target groups nor metrics were given"
    stands = ", ".join(filter(None, [*news, how]))
    sentences = [*verdict.reasons, *numbers]
    return " ".join([f"{stands}.", *sentences]) if sentences else stands


def requests_message(split: Split | None, candidate: Collection[str]) -> str:
    """How many of all requests the candidate has answered in a whole minute, as ``27 of 272 requests/min``."""
    if split is None:
        return UNREAD
    if not split.requests:
        return UNCOUNTED
    own = sum(count for arn, count in split.requests.items() if {arn, target_group_name(arn)} & set(candidate))
    return f"{own} of {sum(split.requests.values())} requests/min"


def _alarms(seen: Observation) -> list[str]:
    if not seen.alarms:
        return ["no alarms"]
    return [f"{alarm.name} in {alarm.state}" for alarm in seen.alarms if alarm.state != QUIET] or ["alarms ok"]


def _healthy(group: GroupHealth, *, named: bool) -> str:
    """How many are healthy of those that are to be healthy, and of those that are registered, if that is more."""
    registered = sum(not target.draining for target in group.targets)
    name = f"{target_group_name(group.arn)} " if named else ""
    return f"{name}{group.healthy}/{max(group.minimum_healthy, registered)} healthy"


def _metrics(seen: Observation) -> list[str]:
    deciding = [each for each in seen.judgements if not each.metric.dry_run]
    doubtful = [f"{each.metric.name} {each.verdict}" for each in deciding if each.verdict != PASS]
    return doubtful or (["metrics ok"] if deciding else [])
