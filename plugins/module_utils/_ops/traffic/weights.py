# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of one or many routes: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..._args.traffic.weights import ListenerWeightsOptions, RequireOptions, RouteWeightsOptions, WeightsOptions
from ..._core.base.errors import BluegreenError
from ..._core.traffic.decisions import check_expected, plan_weights
from ..._core.traffic.given_weights import by_environment, by_target_group
from ..._core.traffic.kinds import parse_routes
from ..._core.traffic.load_balancers import check_one_load_balancer
from ..._core.traffic.pairs import Named, read_pairs
from ..._core.traffic.requirements import Requirement, raised
from ..._core.traffic.route import AnyChange, Environments, Route, RouteDefinition, diff_of
from ..._core.traffic.sessions import check_stickiness
from ..._core.traffic.weights import Percents, check_whole, joins, parse_percents
from ..base.run import Run
from .kinds import check_changes, read_routes
from .named_groups import target_group_arns
from .requirements import require_carriers
from .route_writes import RouteWrites

Prepare = Callable[[Sequence[Route], Environments], None]


def _nothing(_routes: Sequence[Route], _environments: Environments) -> None:
    """Nothing is to be done before."""


def listener_weights(options: ListenerWeightsOptions, run: Run) -> dict[str, Any]:
    """The work of module listener_weights."""
    result = _set_weights(options, parse_routes(options.routes), {}, 0, run)
    return {key: result[key] for key in ("changed", "weights", "routes", "diff")}


def set_route_weights(options: RouteWeightsOptions, run: Run, prepare: Prepare = _nothing) -> dict[str, Any]:
    """``prepare`` is done before the first write, with the routes as they are to stand and the environments."""
    groups = read_pairs(options.target_groups) if options.target_groups else {}
    return _set_weights(options, parse_routes(options.routes), groups, options.wait_timeout, run, prepare)


def _set_weights(
    options: WeightsOptions,
    definitions: Sequence[RouteDefinition],
    groups: Named,
    seconds: float,
    run: Run,
    prepare: Prepare = _nothing,
) -> dict[str, Any]:
    percents = parse_percents(options.weights)
    if not joins(percents):
        check_whole(percents)
    planned = partial(_plan, options, percents, definitions, groups, run)
    plan = planned()
    check_changes(run, plan.changes)
    writes = RouteWrites(run, plan.changes)
    if writes.needed and require_carriers(run, plan.raised):
        plan = planned()
        writes = RouteWrites(run, plan.changes)
    routes = [change.after for change in plan.changes]
    if not run.check_mode:
        prepare(routes, plan.environments)
        writes.write()
        writes.confirm(seconds)
    return {
        "changed": writes.needed,
        "weights": by_target_group(plan.percents, plan.environments),
        "routes": [route.as_data() for route in routes],
        "ttl_seconds": max((route.ttl for route in routes), default=0),
        "diff": diff_of(plan.changes),
    }


@dataclass(frozen=True)
class Facts:
    """``routes`` know what represents the environments in them; ``arns``: of target groups, by what a person wrote."""

    routes: Sequence[Route]
    environments: Environments
    arns: Mapping[str, str]


def _read(options: WeightsOptions, definitions: Sequence[RouteDefinition], groups: Named, run: Run) -> Facts:
    """Without named groups, each target group that the weights name is by itself."""
    routes = read_routes(run, definitions)
    names = [name for name in {**options.weights, **(options.expected or {})} if name not in groups]
    in_front = all(route.in_front for route in routes)
    asked = [*(each for its in groups.values() for each in its), *(each.target_group for each in options.require)]
    arns = target_group_arns(run, asked if in_front and not groups else [*asked, *names], routes)
    if groups:
        environments = {color: [arns[each] for each in its] for color, its in groups.items()}
    else:
        environments = {arns.get(name, name): [arns[name]] if name in arns else [] for name in names}
    return Facts([route.leading(environments) for route in routes], environments, arns)


@dataclass(frozen=True)
class Plan:
    """``percents`` by color; ``raised``: what must hold, as a weight rises."""

    percents: Percents
    environments: Environments
    changes: Sequence[AnyChange]
    raised: Sequence[Requirement]


def _plan(
    options: WeightsOptions, percents: Percents, definitions: Sequence[RouteDefinition], groups: Named, run: Run
) -> Plan:
    """Before routes are refused as they stand, the lease is read: whoever has taken it may have written them."""
    facts = _read(options, definitions, groups, run)
    try:
        return _decide(options, percents, facts)
    except BluegreenError:
        run.before_write()
        raise


def _decide(options: WeightsOptions, given: Percents, facts: Facts) -> Plan:
    routes, environments = facts.routes, facts.environments
    check_one_load_balancer(routes)
    check_stickiness(options.stickiness_seconds, routes)
    if options.expected:
        check_expected(routes, by_environment(parse_percents(options.expected), environments, facts.arns))
    percents = by_environment(given, environments, facts.arns)
    changes = [plan_weights(route, percents, options.stickiness_seconds) for route in routes]
    requirements = [_requirement(each, facts.arns) for each in options.require]
    return Plan(percents, environments, changes, raised(requirements, routes, percents, environments))


def _requirement(given: RequireOptions, arns: Mapping[str, str]) -> Requirement:
    if given.minimum_healthy < 1:
        raise BluegreenError(
            f"minimum_healthy of {given.target_group} in require is 1 or more; given: {given.minimum_healthy}."
        )
    return Requirement(
        arns[given.target_group],
        given.minimum_healthy,
        given.group or None,
        given.run or None,
        given.image_id or None,
        given.healthy_percent,
        given.zones_of or None,
    )
