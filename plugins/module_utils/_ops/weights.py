# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of one or many routes: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from .._core.arns import target_group_name
from .._core.forward import Forward
from .._core.load_balancers import check_one_load_balancer
from .._core.record_routes import lead_to, parse_routes
from .._core.records import RecordChange, shares_of
from .._core.sessions import check_stickiness
from .._core.weights import Change, check_expected, check_whole, parse_percents, plan, rounded
from .moves import Moves
from .records import plan_record_changes, read_record_routes
from .routes import read_routes, require_free, target_group_arns
from .run import Run, together


def set_weights(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module listener_weights."""
    result = set_route_weights({**options, "target_groups": {}, "wait_timeout": 0}, run)
    return {key: result[key] for key in ("changed", "weights", "routes", "diff")}


def set_route_weights(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module route_weights."""
    given = parse_percents(options["weights"])
    check_whole(given)
    listed, definitions = parse_routes(options["routes"])
    check_one_load_balancer(listed)
    expected = options["expected"] and parse_percents(options["expected"])
    routes, records = together(partial(read_routes, run, listed), partial(read_record_routes, run, definitions))
    check_stickiness(options["stickiness_seconds"], routes)
    groups = options["target_groups"] if definitions else {}  # their ARNs are not to be looked up for nothing
    arns = target_group_arns(run, [*given, *(expected or {}), *groups.values()], routes)
    records = lead_to({color: arns[name] for color, name in groups.items()}, records)
    if expected:
        check_expected([*routes, *records], {arns[name]: percent for name, percent in expected.items()})
    percents = {arns[name]: percent for name, percent in given.items()}
    changes = [plan(route, percents, options["stickiness_seconds"]) for route in routes]
    require_free(run, list(percents), routes)
    record_changes = plan_record_changes(run, records, percents)
    moves = Moves(run, changes, record_changes)
    if moves.needed and not run.check_mode:
        moves.write()
        moves.confirm(options["wait_timeout"])
    return {
        "changed": moves.needed,
        "weights": percents,
        "routes": [{"arn": change.route.arn, "weights": rounded(change.forward.shares())} for change in changes],
        "records": [each.shown(to.after) for each, to in zip(records, record_changes, strict=True)],
        "ttl_seconds": max((record.ttl for record in records), default=0),
        "diff": diff_of(changes, record_changes),
    }


def diff_of(changes: Sequence[Change], record_changes: Sequence[RecordChange]) -> dict[str, Any]:
    return {
        "before": {change.route.arn: _shown(change.route.forward) for change in changes}
        | {change.records.title: rounded(shares_of(change.records.sets)) for change in record_changes},
        "after": {change.route.arn: _shown(change.forward) for change in changes}
        | {change.records.title: rounded(shares_of(change.after)) for change in record_changes},
    }


def _shown(forward: Forward) -> dict[str, Any]:
    weights = {target_group_name(group): percent for group, percent in rounded(forward.shares()).items()}
    return {"weights": weights, "stickiness_seconds": forward.stickiness_seconds()}
