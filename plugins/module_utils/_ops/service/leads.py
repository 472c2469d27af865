# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads where routes in front of load balancers lead: to those of which color."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from ..._aws.traffic import elbv2, listeners
from ..._core.service.colors import find_leads
from ..._core.service.stable import TargetGroups, arns_of
from ..._core.traffic.pairs import Color
from ..._core.traffic.route import Route
from ..base.run import Run, together
from ..traffic.kinds import kind_of


def read_leads(run: Run, groups: TargetGroups, routes: Sequence[Route]) -> list[Mapping[Color, Color]]:
    """For each route, the color that it leads to with each color, as far as that is known."""
    if not any(route.in_front for route in routes):
        return [{} for _route in routes]
    reads = [partial(kind_of(route.definition).answers, run, route) for route in routes]
    names, *answers = together(partial(_balancers, run, groups), *reads)
    return [find_leads(names, its) for its in answers]


def _balancers(run: Run, groups: TargetGroups) -> dict[Color, list[str]]:
    """The DNS names of each color's load balancers."""
    client = run.client("elbv2")
    found = elbv2.describe_target_groups_by_arn(client, arns_of(groups))
    arns = {group["TargetGroupArn"]: group["LoadBalancerArns"] for group in found}
    every = list(dict.fromkeys(arn for its in arns.values() for arn in its))
    described = together(*[partial(listeners.describe_load_balancer, client, arn) for arn in every])
    names = dict(zip(every, (each["DNSName"] for each in described), strict=True))
    return {color: [names[arn] for group in its for arn in arns[group]] for color, its in groups.items()}
