# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bake looks at, each part by itself: alarms, the health of target groups, an approval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ..._args.bake.bake import BakeOptions, ColorOptions
from ..._aws.traffic import elbv2
from ..._core.bake.alarms import Alarm
from ..._core.bake.observation import GroupHealth, Observation
from ..._core.base.arns import arn_resource
from ..._core.targets.registration import Target
from ..base.run import Run
from ..traffic.named_groups import target_group_arns
from .alarms import read_alarms
from .approval import read_approval
from .minimums import read_minimums

Part = Callable[[], Observation]


def read_parts(run: Run, options: BakeOptions) -> list[Part]:
    """Everything that is to be watched, next to the alarms."""
    parts = _health_parts(run, options)
    if options.approval:
        parts.append(partial(_approval, run, options.approval.group, options.approval.weight))
    return parts


def look_at_alarms(run: Run, names: Sequence[str], ahead: list[list[Alarm]]) -> Observation:
    """``ahead``: what a look just before this one has shown, which then is this one."""
    return Observation(alarms=ahead.pop() if ahead else read_alarms(run, names))


def resources_of(run: Run, color: ColorOptions | None) -> list[str]:
    """What alarms that are only about this color name."""
    if not color:
        return []
    arns = target_group_arns(run, color.every).values()
    return [*map(arn_resource, arns), str(color.placeholders.get("auto_scaling_group", ""))]


def _health_parts(run: Run, options: BakeOptions) -> list[Part]:
    arns = target_group_arns(run, [each.target_group for each in options.target_groups], [])
    both = zip(options.target_groups, read_minimums(run, options.target_groups), strict=True)
    return [partial(_health, run, arns[each.target_group], minimum) for each, minimum in both]


def _health(run: Run, arn: str, minimum_healthy: int) -> Observation:
    targets = [Target.read(item) for item in elbv2.describe_target_health(run.client("elbv2"), arn)]
    return Observation(groups=[GroupHealth(arn, minimum_healthy, targets)])


def _approval(run: Run, group: str, weight: int) -> Observation:
    """Rollback takes the question back: who waits for an answer then waits for nothing."""
    approval = read_approval(run, group)
    if approval is None:
        return Observation(withdrawn=[f"{group} asks for no approval any more: its release was taken back."])
    return Observation(approved_by=approval.by if approval.weight == weight else None)
