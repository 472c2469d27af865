# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether the traffic can be shifted, and what would be left behind."""

from __future__ import annotations

from collections.abc import Mapping

from ..service.environments import Environment
from ..service.strangers import find_strangers, idle_finding, stable_remark
from ..traffic.sessions import check_release_ends_sessions, check_stickiness, check_targets, loose
from .case import Case
from .facts import Fact


def find_bad_stickiness(case: Case) -> list[str]:
    service, seconds = case.service, case.definition.shift.stickiness_seconds
    if service is None:
        return []
    check_stickiness(seconds, service.routes)
    if not case.shifts:
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


def find_stable_down(case: Case) -> list[str]:
    service = case.service
    if service is None or not case.shifts:
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
    if case.service is None or not case.shifts:
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


def _read(owners: Fact[Mapping[str, str]] | None) -> Mapping[str, str] | None:
    return owners() if owners else None
