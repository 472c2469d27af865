# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets the weights of routes, once the schedules are created with which AWS returns the traffic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ..._args.traffic.weights import RouteWeightsOptions
from ..._aws.base.errors import AwsError
from ..._core.safety.schedules import plan_schedules
from ..._core.targets.everywhere import everywhere
from ..._core.traffic.pairs import other
from ..._core.traffic.route import Environments, Route, reached
from ..base.run import Run, together
from ..base.wait import poll
from ..targets.health import read_targets
from ..traffic.requirements import PATIENCE_SECONDS
from ..traffic.weights import set_route_weights
from .schedules import arm, disarm, net_of


def route_weights(options: RouteWeightsOptions, run: Run) -> dict[str, Any]:
    """The work of module route_weights. Before the traffic moves, a schedule is created that returns it, if stable has
    anything healthy."""
    return set_route_weights(options, run, partial(_arm, options, run))


def _arm(options: RouteWeightsOptions, run: Run, routes: Sequence[Route], environments: Environments) -> None:
    """AWS makes its call whatever the health of stable is then. So it is read before each step: where nothing of stable
    is healthy, AWS must not send users there."""
    net, stable = net_of(options.lease), options.return_to
    if not (net and stable):
        return
    planned = plan_schedules(net, routes, stable, other(stable))
    if planned and not _has_healthy(run, reached(routes, stable, environments[stable])):
        disarm(run, net.service)
        run.progress(
            f"No target of {stable}, which is stable, is healthy, so AWS does not return the traffic of {net.service} "
            "to it if this run stops responding"
        )
    else:
        arm(run, net, planned)


def _has_healthy(run: Run, target_groups: Sequence[str]) -> bool:
    """What AWS refuses to read is no evidence against it."""

    def look() -> bool:
        targets = everywhere(together(*[partial(read_targets, run, arn) for arn in target_groups]))
        return any(target.healthy for target in targets)

    try:
        return poll(run, "looking whether stable has a healthy target", look, bool, PATIENCE_SECONDS, first=0.5)
    except AwsError:
        return True
