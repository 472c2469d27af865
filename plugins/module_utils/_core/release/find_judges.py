# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: what judges the candidate, and whether it can."""

from __future__ import annotations

from collections.abc import Sequence

from ..bake.alarms import Alarm, quiet_after
from ..base.durations import elapsed
from ..service.environments import Environment
from .case import Case
from .facts import Item


def find_loud_alarms(case: Case) -> list[str]:
    """A release with an alarm that is already in state ALARM would be returned at its first step. An alarm that is
    only about the idle environment is about what was there before, and swap waits until it is quiet. One that is only
    about a stable environment that is down must not prevent the fix. A roll has no exceptions: AWS starts no instance
    refresh with an alarm in state ALARM."""
    if case.facts.alarms is None:
        return []
    passed = [] if case.parts.rolls else [each.resources for each in _unjudged(case)]
    in_alarm = [alarm for alarm in case.facts.alarms() if alarm.in_alarm]
    return [str(alarm) for alarm in in_alarm if not any(map(alarm.only_about, passed))]


def find_lasting_alarms(case: Case) -> list[str]:
    """Alarms that find_loud_alarms lets pass: the release waits for them, at full size and under its lease."""
    service = case.service
    if service is None or case.facts.alarms is None or not case.parts.swaps or not case.shifts:
        return []
    if service.is_shifting:
        return []
    idle, alarms = service.candidate_environment, case.facts.alarms()
    loud = [alarm for alarm in alarms if alarm.in_alarm and alarm.only_about(idle.resources)]
    return [_lasting(alarm, idle.color, quiet_after(alarms, idle.resources)) for alarm in loud]


def _lasting(alarm: Alarm, color: str, seconds: int) -> str:
    """One on requests has no data before the first shift."""
    said = (
        f"{alarm} It is about {color}, which has no traffic. Before its first shift, the release waits up to "
        f"{elapsed(seconds)} until it is no longer in ALARM, then fails. To wait less, give the alarm shorter periods."
    )
    if not alarm.needs_data:
        return said
    return (
        f"{said} Its TreatMissingData is {alarm.missing_data}: if its metric counts requests, it stays in this state. "
        "Set its TreatMissingData to notBreaching."
    )


def find_checks_by_another_version(case: Case) -> list[str]:
    """The load balancer answers 464 ("HTTP 464" in Troubleshoot your Application Load Balancers)."""
    if not case.parts.verifies or not case.definition.verification.test_route:
        return []
    found = _of_version(case, "HTTP2", "GRPC")
    if case.facts.target_groups and len(found) < len(case.facts.target_groups()):
        return []  # the test route may lead to one that understands them
    return [
        f"Target group {group['TargetGroupName']} has protocol version {group['ProtocolVersion']}, and the checks of "
        "the test route speak HTTP/1.1, which the load balancer refuses with status 464. Remove bluegreen_test_route, "
        "and check the candidate in a hook, after_test_traffic of bluegreen_hooks."
        for group in found
    ]


def find_errors_that_nobody_counts(case: Case) -> list[str]:
    if not case.shifts:
        return []
    return [
        f"Target group {group['TargetGroupName']} has protocol version GRPC: a call that fails is an answer with HTTP "
        "status 200, which the load balancer's 5XX metrics, and so the metric errors, do not count. Name an alarm on a "
        "metric of the service's own in bluegreen_alarms."
        for group in _of_version(case, "GRPC")[:1]
    ]


def find_metrics_of_another_balancer(case: Case) -> list[str]:
    """They would have no data, so that each bake is inconclusive."""
    judges = [each.name for each in case.definition.shift.judges if each.of_application_balancer]
    if not judges or not case.shifts or not (group := _behind_network(case)):
        return []
    return [
        f"bluegreen_metrics has {' and '.join(judges)}, which only an Application Load Balancer counts, and target "
        f"group {group['TargetGroupName']} has protocol {group['Protocol']}, so it is for a Network Load Balancer. Set "
        "bluegreen_alarms or metrics of the service's own instead."
    ]


def find_lack_of_watch(case: Case) -> list[str]:
    """A warning when nothing would notice a bad release that moves traffic. A first one moves none, and a roll has
    alarms of its own. A run that builds nothing, as swap, does not read which load balancer it is for."""
    if case.service is None or not case.shifts or case.definition.shift.watched:
        return []
    counted = case.facts.target_groups is not None and not _behind_network(case)
    or_metrics = ", or set bluegreen_metrics to [{name: errors}]" if counted else ""
    return [
        "Neither bluegreen_alarms nor bluegreen_metrics judges the release, as a dry run is only reported: apart from "
        "target health, nothing will notice a bad release. Name alarms that go off when users are "
        f"affected{or_metrics}."
    ]


def _behind_network(case: Case) -> Item | None:
    """A target group, of those that metrics are about, that is for a Network Load Balancer. An Application Load
    Balancer's has protocol HTTP or HTTPS (CreateTargetGroup)."""
    judged = [environment.target_groups[0] for environment in case.environments]
    described = case.facts.target_groups() if case.facts.target_groups else []
    found = [each for each in described if each["TargetGroupArn"] in judged]
    return next((each for each in found if each.get("Protocol") not in (None, "HTTP", "HTTPS")), None)


def _of_version(case: Case, *versions: str) -> Sequence[Item]:
    described = case.facts.target_groups() if case.facts.target_groups else []
    return [group for group in described if group.get("ProtocolVersion") in versions]


def _unjudged(case: Case) -> list[Environment]:
    service = case.service
    if service is None:
        return []
    stable, candidate = service.stable_environment, service.candidate_environment
    return [*([] if service.is_shifting else [candidate]), *([stable] if stable.down else [])]
