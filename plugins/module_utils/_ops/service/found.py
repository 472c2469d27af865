# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a service as it is found, whatever is wrong with it: for who returns traffic, and for who asks where it stands.

Tags and load balancers are believed where a definition contradicts them, and a route that is broken does not hide the
others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refusal
from ..._core.service.colors import by_load_balancers, by_tags, color_findings, lead_findings
from ..._core.service.environments import Service, check_routes
from ..._core.service.place import Place
from ..._core.service.stable import TargetGroups, check_owners, find_declared, find_stable
from ..._core.targets.registration import Target
from ..._core.traffic.pairs import COLORS, Color
from ..._core.traffic.route import Route, RouteDefinition
from ..base.run import Run, together
from ..traffic.kinds import read_routes
from ..traffic.named_groups import find_pairs
from .gather import gather, service_of
from .leads import read_leads


@dataclass(frozen=True)
class ServiceAsFound:
    """``broken``: why routes cannot be returned, or not in full; ``warnings``: what was believed otherwise than said.
    ``targets``: by color, None where their health could not be read, or was not asked for."""

    service: Service
    targets: Mapping[Color, Sequence[Target] | None]
    broken: Sequence[str]
    warnings: Sequence[str]


def find_service(
    run: Run, place: Place, stable: Color | None = None, *, groups: bool = False, health: bool = False
) -> ServiceAsFound:
    """``stable`` is what a user sets for a service whose tags were lost; ``groups`` and ``health``: as for gather."""
    place.check()
    broken, warned = Report(), Report()
    routes = _routes(run, broken, place.routes)
    _refuse_nothing(place, routes, broken)
    said = find_pairs(run, place.target_groups, routes)
    found = gather(run, warned, place.name, said, groups=groups, health=health)
    if not found.tags:
        raise BluegreenError(warned.findings[-1])
    check_owners(place.name, said, found.tags)
    pairs = by_tags(said, found.tags)
    kept = color_findings(pairs, found.tags)
    for finding in color_findings(said, found.tags):
        warned.note(f"{finding} The {'definition is' if finding in kept else 'tags are'} followed.")
    routes = _leading(run, broken, warned, routes, pairs)
    _refuse_nothing(place, routes, broken)
    for route in routes:
        broken.of(check_routes, [route])
    declared = find_declared(pairs, found.tags)
    if stable and declared not in (None, stable):
        warned.note(f"bluegreen_stable is {stable}, but tags declare {declared} stable. The tags are followed.")
    chosen = declared or stable or find_stable(place.name, routes, pairs, found.tags)
    service = service_of(run, place.name, chosen, declared is not None, routes, pairs, found)
    seen = {color: found.targets_of(service.reached(color)) for color in COLORS}
    return ServiceAsFound(service, seen, broken.findings, warned.findings)


def _refuse_nothing(place: Place, routes: Sequence[Route], broken: Report) -> None:
    if not routes:
        raise refusal(f"Service {place.name}", broken.findings)


def _routes(run: Run, broken: Report, definitions: Sequence[RouteDefinition]) -> list[Route]:
    """Those of a kind by one call; when that fails, each by itself."""
    try:
        return read_routes(run, definitions)
    except BluegreenError:
        read = together(*[partial(broken.of, read_routes, run, [each]) for each in definitions])
        return [route for each in read for route in each or []]


def _leading(run: Run, broken: Report, warned: Report, routes: Sequence[Route], groups: TargetGroups) -> list[Route]:
    """Routes in front of load balancers by what they lead to."""
    found = [route for each in routes if (route := broken.of(each.leading, groups))]
    leads = warned.of(read_leads, run, groups, found) or [{} for _route in found]
    corrected = []
    for route, its in zip(found, leads, strict=True):
        for finding in lead_findings(route, its):
            warned.note(f"{finding} The load balancers are followed.")
        if actual := broken.of(by_load_balancers, route, its):
            corrected.append(actual)
    return corrected
