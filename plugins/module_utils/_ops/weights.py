# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of one or many routes: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from .._core.arns import target_group_name
from .._core.errors import BluegreenError
from .._core.service import check_one_load_balancer
from .._core.sessions import check_stickiness
from .._core.weights import Change, Route, check_expected, check_whole, describe, parse_percents, plan, rounded
from .routes import read_routes, require_free, target_group_arns, write_actions
from .run import Run
from .wait import poll

READ_BACK_SECONDS = 10.0


def set_weights(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module listener_weights."""
    given = parse_percents(options["weights"])
    check_whole(given)
    check_one_load_balancer(options["routes"])
    expected = options["expected"] and parse_percents(options["expected"])
    routes = read_routes(run, options["routes"])
    check_stickiness(options["stickiness_seconds"], routes)
    arns = target_group_arns(run, [*given, *(expected or {})], routes)
    if expected:
        check_expected(routes, {arns[name]: percent for name, percent in expected.items()})
    percents = {arns[name]: percent for name, percent in given.items()}
    changes = [plan(route, percents, options["stickiness_seconds"]) for route in routes]
    require_free(run, list(percents), routes)
    needed = [change for change in changes if change.needed]
    if needed and not run.check_mode:
        _write(run, needed)
        read_back(run, needed)
    return {
        "changed": bool(needed),
        "weights": percents,
        "routes": [{"arn": change.route.arn, "weights": rounded(change.forward.shares())} for change in changes],
        "diff": diff_of(changes),
    }


def diff_of(changes: Sequence[Change]) -> dict[str, Any]:
    return {
        "before": {change.route.arn: _shown(change.route.forward) for change in changes},
        "after": {change.route.arn: _shown(change.forward) for change in changes},
    }


def _write(run: Run, changes: Sequence[Change]) -> None:
    """Each route in turn; if one fails, those before it are put back, so that the service's routes stay one."""
    for done, change in enumerate(changes):
        try:
            write_actions(run, change.route.arn, change.actions())
        except BluegreenError as error:
            raise BluegreenError(f"{error}{_put_back(run, changes[:done])}", **error.facts) from error


def _put_back(run: Run, changes: Sequence[Change]) -> str:
    """A sentence on how it went. A route that cannot be put back does not keep the others from it."""
    stuck = []
    for change in reversed(changes):
        try:
            write_actions(run, change.route.arn, change.undone())
        except BluegreenError as error:
            stuck.append(f"{change.route.arn} splits {describe(change.forward.shares())} now ({error})")
    if stuck:
        return f" Not every route changed before it could be put back: {'; '.join(stuck)}."
    return " Every route changed before it was put back." if changes else ""


def read_back(run: Run, changes: Sequence[Change]) -> None:
    """ELBv2 is eventually consistent: wait until it tells what was written, and say so when it tells otherwise."""
    wanted = {change.route.arn: change.forward.shares() for change in changes}

    def as_written(routes: Sequence[Route]) -> bool:
        return all(route.forward.shares() == wanted[route.arn] for route in routes)

    routes = poll(partial(read_routes, run, list(wanted)), as_written, run.clock, READ_BACK_SECONDS)
    for route in routes:
        if route.forward.shares() != wanted[route.arn]:
            raise BluegreenError(
                f"{route.arn} was given {describe(wanted[route.arn])} but splits {describe(route.shares())}; "
                "somebody else changed it at the same time."
            )


def _shown(forward: Any) -> dict[str, Any]:
    weights = {target_group_name(group): percent for group, percent in rounded(forward.shares()).items()}
    return {"weights": weights, "stickiness_seconds": forward.stickiness_seconds()}
