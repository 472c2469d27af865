# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads everything that a clone depends on: whatever is wrong is known before the first write."""

from __future__ import annotations

from functools import partial

from ..._aws.bake import cloudwatch
from ..._aws.group import autoscaling
from ..._aws.traffic import listeners
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import COPYING, SERVICE, tags_of
from ..._core.group.clone import Group, WantedClone
from ..._core.group.clone_checks import check_source
from ..._core.group.clone_plan import Facts, Material, find_existing, others_of
from ..._core.group.names import check_group_name
from ..._core.refresh.state import under_way
from ..base.run import Run, together
from ..launch.templates import plan_launch, read_launch_data
from ..refresh.wait import read_refreshes
from .parts import read_parts
from .repointing import read_target_groups, read_twins


def read_facts(run: Run, wanted: WantedClone) -> Facts:
    groups = _read_groups(run, wanted)
    source = check_source(wanted.source, groups.get(wanted.source))
    others = others_of(groups, wanted)
    existing = find_existing(others, read_launch_data(run, others), wanted)
    if existing and COPYING not in tags_of(existing):
        return Facts(source, groups, existing)
    if existing:
        return Facts(source, groups, existing, _read_material(run, source, wanted))
    launch, material, refreshes = together(
        partial(plan_launch, run, source, wanted.service, wanted.image_id, wanted.user_data),
        partial(_read_material, run, source, wanted),
        partial(read_refreshes, run, wanted.source),
    )
    return Facts(source, groups, None, material, launch, under_way(refreshes))


def _read_groups(run: Run, wanted: WantedClone) -> dict[str, Group]:
    """The source, and the one of the wanted name. Without a name, those of the service, whose names are taken."""
    client = run.client("autoscaling")
    if wanted.name:
        check_group_name(wanted.name)
        if wanted.name == wanted.source:
            raise BluegreenError(f"{wanted.name} can't be its own clone; leave out the name to get a new one.")
        found = autoscaling.describe_groups(client, names=[wanted.source, wanted.name])
    else:
        found = autoscaling.describe_groups(client, tags={SERVICE: wanted.service})
        if not any(group["AutoScalingGroupName"] == wanted.source for group in found):
            found += autoscaling.describe_groups(client, names=[wanted.source])
    return {group["AutoScalingGroupName"]: group for group in found}


def _read_material(run: Run, source: Group, wanted: WantedClone) -> Material:
    target_groups, parts = together(
        partial(read_target_groups, run, wanted.target_groups), partial(read_parts, run, wanted.source)
    )
    accepted: dict[str, frozenset[str]] = autoscaling.accepted_fields(run.client("autoscaling"))
    if parts.alarms:
        accepted["alarm"] = cloudwatch.accepted_fields(run.client("cloudwatch"))
    twins = read_twins(run, source, parts, target_groups, wanted.twins)
    arns = sorted({arn for group in target_groups for arn in group["LoadBalancerArns"]})
    client = run.client("elbv2")
    balancers = together(*[partial(listeners.describe_load_balancer, client, arn) for arn in arns]) if arns else []
    return Material(parts, target_groups, twins, accepted, run.clock.now(), balancers)
