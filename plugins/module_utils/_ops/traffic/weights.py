# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of one or many routes: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..._core.base.arns import target_group_name
from ..._core.traffic.forward import Forward
from ..._core.traffic.load_balancers import check_one_load_balancer
from ..._core.traffic.record import RecordRoute, lead_to, parse_routes
from ..._core.traffic.record_sets import RecordChange, shares_of
from ..._core.traffic.requirements import Requirement, parse_requirements, raised
from ..._core.traffic.sessions import check_stickiness
from ..._core.traffic.weights import (
    Change,
    Percents,
    check_expected,
    check_whole,
    joins,
    parse_percents,
    plan,
    plan_join,
    rounded,
)
from ..base.run import Run, together
from .record import plan_record_changes, read_record_routes
from .requirements import require_carriers
from .route_writes import RouteWrites
from .routes import read_routes, require_free, target_group_arns


def set_weights(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module listener_weights."""
    result = set_route_weights({**options, "target_groups": {}, "wait_timeout": 0}, run)
    return {key: result[key] for key in ("changed", "weights", "routes", "diff")}


def set_route_weights(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module route_weights."""
    plan = read_and_plan(options, run)
    if plan.writes.needed:
        if require_carriers(run, plan.raised):
            plan = read_and_plan(options, run)
        if not run.check_mode:
            plan.writes.write()
            plan.writes.confirm(options["wait_timeout"])
    return {
        "changed": plan.writes.needed,
        "weights": plan.percents,
        "routes": [{"arn": each.route.arn, "weights": rounded(each.forward.shares())} for each in plan.changes],
        "records": [each.as_data(to.after) for each, to in zip(plan.records, plan.record_changes, strict=True)],
        "ttl_seconds": max((record.ttl for record in plan.records), default=0),
        "diff": diff_of(plan.changes, plan.record_changes),
    }


@dataclass(frozen=True)
class Plan:
    """What is to be written to the routes as they stand. ``raised``: what must hold, as a weight rises."""

    percents: Percents
    records: Sequence[RecordRoute]
    changes: Sequence[Change]
    record_changes: Sequence[RecordChange]
    raised: Sequence[Requirement]
    writes: RouteWrites


def read_and_plan(options: Mapping[str, Any], run: Run) -> Plan:
    given = parse_percents(options["weights"])
    if not joins(given):
        check_whole(given)
    listed, definitions = parse_routes(options["routes"])
    check_one_load_balancer(listed)
    expected = options["expected"] and parse_percents(options["expected"])
    routes, records = together(partial(read_routes, run, listed), partial(read_record_routes, run, definitions))
    check_stickiness(options["stickiness_seconds"], routes)
    groups = options["target_groups"] if definitions else {}  # their ARNs are not to be looked up for nothing
    required = [each["target_group"] for each in options["require"]]
    arns = target_group_arns(run, [*given, *(expected or {}), *groups.values(), *required], routes)
    records = lead_to({color: arns[name] for color, name in groups.items()}, records)
    if expected:
        check_expected([*routes, *records], {arns[name]: percent for name, percent in expected.items()})
    percents = {arns[name]: percent for name, percent in given.items()}
    if joins(percents):
        changes = [plan_join(route, percents) for route in routes]
    else:
        changes = [plan(route, percents, options["stickiness_seconds"]) for route in routes]
    require_free(run, list(percents), routes)
    record_changes = plan_record_changes(run, records, percents)
    requirements = parse_requirements(options["require"], arns)
    raising = raised(requirements, [*routes, *records], percents)
    return Plan(percents, records, changes, record_changes, raising, RouteWrites(run, changes, record_changes))


def diff_of(changes: Sequence[Change], record_changes: Sequence[RecordChange]) -> dict[str, Any]:
    return {
        "before": {change.route.arn: _as_data(change.route.forward) for change in changes}
        | {change.records.title: rounded(shares_of(change.records.sets)) for change in record_changes},
        "after": {change.route.arn: _as_data(change.forward) for change in changes}
        | {change.records.title: rounded(shares_of(change.after)) for change in record_changes},
    }


def _as_data(forward: Forward) -> dict[str, Any]:
    weights = {target_group_name(group): percent for group, percent in rounded(forward.shares()).items()}
    return {"weights": weights, "stickiness_seconds": forward.stickiness_seconds()}
