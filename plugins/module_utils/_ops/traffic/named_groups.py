# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the target groups that a person names."""

from __future__ import annotations

from collections.abc import Sequence

from ..._aws.traffic import elbv2
from ..._core.base.arns import is_arn, target_group_name
from ..._core.traffic.pairs import Color, Named
from ..._core.traffic.route import Route
from ..base.run import Run


def find_pairs(run: Run, named: Named, routes: Sequence[Route] = ()) -> dict[Color, list[str]]:
    """The ARNs of each color's target groups."""
    arns = target_group_arns(run, [each for its in named.values() for each in its], routes)
    return {color: [arns[each] for each in its] for color, its in named.items()}


def target_group_arns(run: Run, named: Sequence[str], routes: Sequence[Route] = ()) -> dict[str, str]:
    """ARNs by what the person wrote, a name or an ARN. AWS is asked only for those that no route names yet."""
    known = {target_group_name(arn): arn for route in routes for arn in route.target_groups}
    known |= {arn: arn for arn in named if is_arn(arn)}
    unknown = [name for name in dict.fromkeys(named) if name not in known]
    if unknown:
        found = elbv2.describe_target_groups(run.client("elbv2"), unknown)
        known |= {group["TargetGroupName"]: group["TargetGroupArn"] for group in found}
    return {name: known[name] for name in named}
