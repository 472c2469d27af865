# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a service's whole state: independent reads side by side, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._aws.base.errors import AwsError
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refusal
from ..._core.service.colors import color_findings, lead_findings
from ..._core.service.environments import Service, check_routes
from ..._core.service.place import Place
from ..._core.service.stable import check_owners, find_declared, find_stable
from ..._core.traffic.load_balancers import (
    are_placed,
    check_all_named,
    check_load_balancers,
    check_one_load_balancer,
    check_served,
)
from ..._core.traffic.pairs import check_order
from ..._core.traffic.route import Route
from ..base.run import Run
from ..traffic.kinds import read_routes
from ..traffic.named_groups import find_pairs
from .gather import Described, gather, service_of
from .leads import read_leads

AutoScalingGroup = Mapping[str, Any]


def read_service(run: Run, place: Place, *, groups: bool = False, health: bool = False) -> Service:
    """A service that is as it is defined, or an error with everything that is not. ``groups`` and ``health``: as for
    gather."""
    report = Report()
    service = survey_service(run, report, place, groups=groups, health=health)
    if service is None or report.findings:
        raise _refusal(place.name, report)
    return service


def _refusal(service: str, report: Report) -> BluegreenError:
    """An error of AWS where only its answers are missing: whoever waits then reads again."""
    refused, errors = refusal(f"Service {service}", report.findings), report.errors
    missing = [error for error in errors if isinstance(error, AwsError)]
    if not missing or len(missing) < len(errors):
        return refused
    decisive = next((error for error in missing if not error.throttled), missing[0])
    return AwsError(str(refused), decisive.code, **refused.facts)


def survey_service(run: Run, report: Report, place: Place, *, groups: bool, health: bool) -> Service | None:
    """A service as far as it can be read. What is not as it is defined is noted, and reported by the caller."""
    report.of(place.check)
    name, named = place.name, place.target_groups
    asked = [*place.routes, *([place.test_route] if place.test_route else [])]
    read = report.of(read_routes, run, asked)
    pairs = report.of(find_pairs, run, named, read or [])
    if read is None or pairs is None or report.findings:
        return None
    leading = [report.of(route.leading, pairs) for route in read]
    routes = [route for route in leading if route]
    if len(routes) < len(read):
        return None
    report.of(check_one_load_balancer, routes)
    for route in routes:
        report.of(check_routes, [route])
    routes = routes[: len(place.routes)]
    report.of(check_all_named, routes, pairs)
    places = health and not are_placed(routes, pairs)
    found = gather(run, report, name, pairs, groups=groups, health=health, places=places)
    if not found.complete:
        return None
    report.of(_check_places, routes, found.described)
    if places:
        report.of(check_order, pairs, {group["TargetGroupArn"]: group for group in found.described})
    report.of(check_owners, name, pairs, found.tags)
    for finding in color_findings(pairs, found.tags):
        report.note(finding)
    for route, leads in zip(routes, report.of(read_leads, run, pairs, routes) or [], strict=False):
        for finding in lead_findings(route, leads):
            report.note(finding)
    declared = find_declared(pairs, found.tags)
    # Where weights are not what they should be, they do not show what is stable either.
    stable = declared if report.findings else report.of(find_stable, name, routes, pairs, found.tags)
    if stable is None:
        return None
    return service_of(run, name, stable, declared is not None, routes, pairs, found)


def _check_places(routes: Sequence[Route], described: Sequence[Described]) -> None:
    """Whose load balancers the target groups are, where that was gathered."""
    owners = {group["TargetGroupArn"]: group["LoadBalancerArns"] for group in described}
    check_load_balancers(routes, owners)
    if all(route.in_front for route in routes):
        check_served(owners)
