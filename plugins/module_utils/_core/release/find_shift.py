# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether the traffic can be shifted, what would be left behind, and who watches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..bake.alarms import Alarm, quiet_after
from ..base.durations import elapsed, spoken
from ..base.sessions import UnrenewedSession
from ..definition.steps import baking_seconds
from ..service.environments import Environment
from ..service.strangers import find_strangers, idle_finding, stable_remark
from ..traffic.sessions import check_release_ends_sessions, check_stickiness, check_targets, loose
from .bring_up import CANDIDATE
from .case import Case
from .facts import Fact, Item

SHORTEST_SESSION = 900  # seconds: DurationSeconds of AssumeRole in the AWS STS API reference
LINEAR = ("linear", "ansible.builtin.linear")  # the strategy that a play has by default
RENEWED = "use a profile whose credentials are renewed: bluegreen_profile, with no AWS_ACCESS_KEY_ID in the environment"


def find_bad_stickiness(case: Case) -> list[str]:
    service, seconds = case.service, case.definition.shift.stickiness_seconds
    if service is None:
        return []
    check_stickiness(seconds, service.routes)
    if not _shifts(case):
        return []
    check_release_ends_sessions(seconds, service.routes)
    if case.facts.attributes:
        unsticky = loose(seconds, service.routes)
        for arn, attributes in case.facts.attributes().items():
            check_targets(arn, attributes, [route for route in unsticky if arn in route.own.values()])
    return []


def find_idle_strangers(case: Case) -> list[str]:
    service, owners = case.service, _read(case.facts.idle_owners)
    if service is None or owners is None:
        return []
    idle = service.candidate_environment
    strangers = find_strangers(idle, owners)
    return [idle_finding(idle, strangers, owners)] if strangers else []


def find_stable_strangers(case: Case) -> list[str]:
    service, owners = case.service, _read(case.facts.stable_owners)
    if service is None or owners is None:
        return []
    stable = service.stable_environment
    strangers = find_strangers(stable, owners)
    return [stable_remark(stable, strangers, owners)] if strangers else []


def find_loud_alarms(case: Case) -> list[str]:
    """A release with an alarm that is already in state ALARM would be returned at its first step. An alarm that is
    only about the idle environment is about what was there before, and swap waits until it is quiet. One that is only
    about a stable environment that is down must not prevent the fix. A roll has no exceptions: AWS starts no instance
    refresh with an alarm in state ALARM."""
    if case.facts.alarms is None:
        return []
    passed = [] if _rolls(case) else [each.resources for each in _unjudged(case)]
    in_alarm = [alarm for alarm in case.facts.alarms() if alarm.in_alarm]
    return [str(alarm) for alarm in in_alarm if not any(map(alarm.only_about, passed))]


def find_lasting_alarms(case: Case) -> list[str]:
    """Alarms that find_loud_alarms lets pass: the release waits for them, at full size and under its lease."""
    service = case.service
    if service is None or case.facts.alarms is None or "swap" not in case.stages or not _shifts(case):
        return []
    if service.phase == "shifting":
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


def find_strays(case: Case) -> list[str]:
    """A release leaves them alone, and the removal of what they lead to would be refused."""
    if case.facts.strays is None:
        return []
    groups = [arn for environment in case.environments for arn in environment.target_groups]
    return [
        f"{stray.message(groups)} and is not one of the routes of {case.definition.place.name}, so a release does not "
        "move its requests, and no bake can see whether requests follow the weights. Add it to bluegreen_routes, or "
        "let it forward elsewhere: an environment that it sends requests to is not removed."
        for stray in case.facts.strays()
    ]


def find_short_session(case: Case) -> list[str]:
    session, (seconds, lasting) = _unrenewed(case), _lasts(case)
    if session is None or session.ends is None:
        return []
    left = (session.ends - case.at).total_seconds()
    if left > seconds:
        return []
    return [
        f"The credentials expire in {spoken(max(0, int(left)))} ({session.source}), and {lasting}: it could not be "
        f"rolled back after that. Sign in again, or {RENEWED}."
    ]


def find_checks_by_another_version(case: Case) -> list[str]:
    """The load balancer answers 464 ("HTTP 464" in Troubleshoot your Application Load Balancers)."""
    if "verify" not in case.stages or not case.definition.verification.test_route:
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
    if not _shifts(case):
        return []
    return [
        f"Target group {group['TargetGroupName']} has protocol version GRPC: a call that fails is an answer with HTTP "
        "status 200, which the load balancer's 5XX metrics, and so the metric errors, do not count. Name an alarm on a "
        "metric of the service's own in bluegreen_alarms."
        for group in _of_version(case, "GRPC")[:1]
    ]


def find_unknown_session(case: Case) -> list[str]:
    session, (seconds, lasting) = _unrenewed(case), _lasts(case)
    if session is None or session.ends is not None or seconds <= SHORTEST_SESSION:
        return []
    return [
        f"The credentials are temporary ({session.source}), and nothing renews them. It is not known when they expire, "
        f"and {lasting}: if they expire earlier, it cannot be rolled back. Set AWS_CREDENTIAL_EXPIRATION to have that "
        f"checked, or {RENEWED}."
    ]


def _unrenewed(case: Case) -> UnrenewedSession | None:
    return case.facts.session() if case.facts.session and (_shifts(case) or _rolls(case)) else None


def _lasts(case: Case) -> tuple[int, str]:
    """For how many seconds it lasts for certain, and that as a sentence."""
    if _rolls(case):
        group = case.service.stable_environment.group if case.service else None
        seconds = case.definition.roll.held(len(group.instances) if group else 0)
        return seconds, f"AWS holds the roll for {spoken(seconds)} together"
    shift = case.definition.shift
    seconds = baking_seconds(shift.steps, shift.metrics_lag)
    return seconds, f"the release bakes for {spoken(seconds)} together"


def find_lack_of_forks(case: Case) -> list[str]:
    if case.forks is None or case.forks >= case.services or set(case.stages) <= {"verify", "teardown"}:
        return []
    return [
        f"{case.services} services are to be released side by side, and Ansible has {case.forks} forks: the others "
        f"wait until one has ended. Run it with --forks {case.services}."
    ]


def find_waiting_strategy(case: Case) -> list[str]:
    """Ansible runs included tasks that differ between hosts for one host after the other (StrategyModule of linear)."""
    if case.services == 1 or case.strategy not in LINEAR or not {"swap", "roll"} & set(case.stages):
        return []
    return [
        f"{case.services} services are to be released side by side, and with strategy {case.strategy} one that has "
        "ended a bake waits for the others. Nothing watches it meanwhile, and a return of its traffic waits too. Set "
        "strategy: ansible.builtin.host_pinned in the play, or remove bluegreen_play_strategy."
    ]


def find_metrics_of_another_balancer(case: Case) -> list[str]:
    """They would have no data, so that each bake is inconclusive."""
    judges = [each.name for each in case.definition.shift.judges if each.of_application_balancer]
    if not judges or not _shifts(case) or not (group := _behind_network(case)):
        return []
    return [
        f"bluegreen_metrics has {' and '.join(judges)}, which only an Application Load Balancer counts, and target "
        f"group {group['TargetGroupName']} has protocol {group['Protocol']}, so it is for a Network Load Balancer. Set "
        "bluegreen_alarms or metrics of the service's own instead."
    ]


def find_lack_of_watch(case: Case) -> list[str]:
    """A warning when nothing would notice a bad release that moves traffic. A first one moves none, and a roll has
    alarms of its own. A run that builds nothing, as swap, does not read which load balancer it is for."""
    if case.service is None or not _shifts(case) or case.definition.shift.watched:
        return []
    counted = case.facts.target_groups is not None and not _behind_network(case)
    or_metrics = ", or set bluegreen_metrics to [{name: errors}]" if counted else ""
    return [
        "Neither bluegreen_alarms nor bluegreen_metrics judges the release, as a dry run is only reported: apart from "
        "target health, nothing will notice a bad release. Name alarms that go off when users are "
        f"affected{or_metrics}."
    ]


def find_stable_down(case: Case) -> list[str]:
    service = case.service
    if service is None or not _shifts(case):
        return []
    stable = service.stable_environment
    if not stable.down:
        return []
    said = (
        f"{stable.color}, the stable environment of {service.name}, is down with {stable.healthy} healthy targets. Its "
        "health and the alarms that are only about it will not judge this release until it is up again."
    )
    if not case.definition.net.role or stable.healthy:
        return [said]
    return [f"{said} If the controller dies, AWS does not return the traffic to it while nothing of it is healthy."]


def find_zonal_shift(case: Case) -> list[str]:
    """AWS reports the health of a target whatever a zonal shift does to it ("Administrative override" in the user guide
    of Application Load Balancers), so it counts for each environment alike."""
    if case.service is None or not _shifts(case):
        return []
    return [_shifted(each) for each in case.environments if each.shifted]


def _shifted(environment: Environment) -> str:
    zones = " and ".join(sorted(filter(None, environment.shifted)))
    which = f"{sum(environment.shifted.values())} of {environment.healthy} healthy targets of {environment.color}"
    return (
        f"A zonal shift is active: {which}{f', in {zones},' if zones else ''} get no requests. Instances of the "
        "candidate in that zone will count as healthy and get none either, so it carries less than its size shows. "
        "Release when the zonal shift is over, or raise bluegreen_headroom_percent."
    )


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


def _shifts(case: Case) -> bool:
    """Whether the run is to bring a candidate up, or traffic to it."""
    return case.bring_up.kind == CANDIDATE and not set(case.stages) <= {"verify", "teardown"}


def _rolls(case: Case) -> bool:
    return "roll" in case.stages


def _unjudged(case: Case) -> list[Environment]:
    service = case.service
    if service is None:
        return []
    stable, candidate = service.stable_environment, service.candidate_environment
    return [*([candidate] if service.phase != "shifting" else []), *([stable] if stable.down else [])]


def _read(owners: Fact[Mapping[str, str]] | None) -> Mapping[str, str] | None:
    return owners() if owners else None
