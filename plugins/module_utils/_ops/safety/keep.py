# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schedules of a service are to a task of its release."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ..._args.base.leased import Leased, LeaseOptions
from ..._args.traffic.weights import RouteWeightsOptions
from ..._core.safety.schedules import SafetyNet
from ..._core.traffic.pairs import other
from ..._core.traffic.route import Route
from ..base.run import Run, no_aws
from ..traffic.weights import set_route_weights
from .schedules import Postponement, arm


def postpone_in_waits(options: Any, run: Run) -> None:
    """In each wait of a task: as long as it lives, AWS does not return the traffic. At once where nothing that follows
    postpones it."""
    if not isinstance(options, Leased) or run.check_mode or run.client is no_aws:
        return
    if options.lease and (net := net_of(options.lease)):
        beat = Postponement(run, net)
        run.keep(beat)
        if options.lease.unattended:
            beat.beat()


def route_weights(options: RouteWeightsOptions, run: Run) -> dict[str, Any]:
    """The work of module route_weights. Before the traffic moves, a schedule is created that returns it."""
    return set_route_weights(options, run, partial(_arm, options, run))


def net_of(lease: LeaseOptions | None) -> SafetyNet | None:
    """None where AWS is not to return the traffic."""
    if lease is None or not lease.return_role:
        return None
    return SafetyNet(lease.service, lease.return_role, lease.return_after + lease.unattended)


def _arm(options: RouteWeightsOptions, run: Run, routes: Sequence[Route]) -> None:
    net = net_of(options.lease)
    if net and options.return_to:
        arm(run, net, routes, options.return_to, other(options.return_to))
