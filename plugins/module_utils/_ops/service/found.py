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
from typing import Any

from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refusal
from ..._core.service.colors import by_load_balancers, by_tags, color_findings, record_findings
from ..._core.service.definition import Definition
from ..._core.service.environments import COLORS, Color, Service, check_owners, check_routes, find_declared, find_stable
from ..._core.targets.registration import Target
from ..._core.traffic.record import RecordRoute, lead_to
from ..._core.traffic.weights import Route
from ..base.run import Run, together
from ..traffic.record import read_record_routes
from ..traffic.routes import read_routes, target_group_arns
from .read import gathered, service_of
from .record_leads import read_leads


@dataclass(frozen=True)
class Found:
    """``broken``: why routes cannot be returned, or not in full; ``warnings``: what was believed otherwise than said.
    ``targets``: by color, None where their health could not be read, or was not asked for."""

    service: Service
    targets: Mapping[Color, Sequence[Target] | None]
    broken: Sequence[str]
    warnings: Sequence[str]


def find_service(run: Run, definition: Definition, gather: Sequence[str], stable: Color | None = None) -> Found:
    """``stable`` is what a person says of a service whose tags were lost."""
    definition.check()
    broken, warned = Report(), Report()
    routes, records = together(
        partial(_routes, run, broken, definition.routes), partial(_records, run, broken, definition)
    )
    _refuse_nothing(definition, routes, records, broken)
    named = definition.target_groups
    arns = target_group_arns(run, list(named.values()), routes)
    said = {color: arns[named[color]] for color in COLORS}
    found = gathered(run, warned, definition.name, said, gather)
    if found["tags"] is None:
        raise BluegreenError(warned.findings[-1])
    check_owners(definition.name, said, found["tags"])
    for finding in color_findings(said, found["tags"]):
        warned.note(f"{finding} The tags are followed.")
    groups = by_tags(said, found["tags"])
    records = _leading(run, broken, warned, lead_to(groups, records), groups)
    _refuse_nothing(definition, routes, records, broken)
    every = [*routes, *records]
    for route in every:
        broken.of(check_routes, [route], groups)
    declared = find_declared(groups, found["tags"])
    if stable and declared not in (None, stable):
        warned.note(f"bluegreen_stable is {stable}, but tags declare {declared} stable. The tags are followed.")
    chosen = declared or stable or find_stable(definition.name, every, groups, found["tags"])
    targets = {arn: found.get(color) for color, arn in said.items()}
    found |= {color: targets[arn] for color, arn in groups.items()}
    service = service_of(definition.name, chosen, declared is not None, routes, records, groups, found)
    seen = {color: service.environments[color].targets if found.get(color) is not None else None for color in COLORS}
    return Found(service, seen, broken.findings, warned.findings)


def _refuse_nothing(definition: Definition, routes: Sequence[Any], records: Sequence[Any], broken: Report) -> None:
    if not routes and not records:
        raise refusal(f"Service {definition.name}", broken.findings)


def _routes(run: Run, broken: Report, arns: Sequence[str]) -> list[Route]:
    """One call for all; when it fails, each by itself."""
    try:
        return read_routes(run, arns) if arns else []
    except BluegreenError:
        read = together(*[partial(broken.of, read_routes, run, [arn]) for arn in arns])
        return [route for each in read for route in each or []]


def _records(run: Run, broken: Report, definition: Definition) -> list[RecordRoute]:
    read = [partial(broken.of, read_record_routes, run, [each]) for each in definition.records]
    return [record for each in (together(*read) if read else []) for record in each or []]


def _leading(
    run: Run, broken: Report, warned: Report, records: Sequence[RecordRoute], groups: Any
) -> list[RecordRoute]:
    found = []
    for record, leads in zip(records, warned.of(read_leads, run, groups, records) or [{}] * len(records), strict=True):
        for finding in record_findings(record, leads):
            warned.note(f"{finding} The load balancers are followed.")
        if actual := broken.of(by_load_balancers, record, leads):
            found.append(actual)
    return found
