# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what there is of a service in addition to its routes: independent reads side by side, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.bake.approval import Approval
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import COLOR, RELEASE, SERVICE, tags_of
from ..._core.group.capacity import originals_of
from ..._core.group.marks import Marks
from ..._core.history.outcome import read_outcomes
from ..._core.launch.templates import Data, fingerprint
from ..._core.service.environments import Environment, Service, lowest_weight
from ..._core.service.freeze import find_freeze
from ..._core.service.group import Group
from ..._core.service.retention import read_deadline
from ..._core.service.stable import TargetGroups, arns_of
from ..._core.targets.everywhere import everywhere
from ..._core.targets.registration import Target
from ..._core.traffic.pairs import Color
from ..._core.traffic.route import Route
from ..base.run import Run, together
from ..launch.templates import images_of, read_launch_data
from ..lease.holder import holder_of

Described = Mapping[str, Any]


@dataclass(frozen=True)
class Groups:
    """A service's Auto Scaling groups, found by tags. ``names`` are also of such that are being deleted."""

    by_color: Mapping[Color, Group] = field(default_factory=dict)
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Gathered:
    """``tags`` and ``targets`` of the target groups, by ARN, and ``described``, how AWS describes them. ``complete``:
    whether everything that was asked for could be read; what was not is empty, and so is what nobody asked for."""

    tags: Mapping[str, Mapping[str, str]]
    groups: Groups
    targets: Mapping[str, Sequence[Described]]
    described: Sequence[Described]
    complete: bool

    def targets_of(self, arns: Sequence[str]) -> list[Target] | None:
        """The targets of the environment with these target groups. None where one could not be read, or was not asked
        for."""
        if any(arn not in self.targets for arn in arns):
            return None
        return everywhere([list(map(Target.read, self.targets[arn])) for arn in arns])


def gather(
    run: Run,
    report: Report,
    name: str,
    target_groups: TargetGroups,
    *,
    groups: bool = False,
    health: bool = False,
    places: bool = False,
) -> Gathered:
    """The Auto Scaling ``groups``, the ``health`` of the targets, and ``places``, which is whose load balancers the
    target groups are, only where they are asked for."""
    client, arns = run.client("elbv2"), arns_of(target_groups)
    reads: dict[str, Any] = {"tags": partial(elbv2.describe_tags, client, arns)}
    if places:
        reads["described"] = partial(elbv2.describe_target_groups_by_arn, client, arns)
    if health:
        reads |= {arn: partial(elbv2.describe_target_health, client, arn) for arn in arns}
    if groups:
        reads["groups"] = partial(_read_groups, run, name)
    answers = together(*[partial(report.of, read) for read in reads.values()])
    found = {what: answer for what, answer in zip(reads, answers, strict=True) if answer is not None}
    return Gathered(
        tags=found.get("tags", {}),
        groups=found.get("groups", Groups()),
        targets={arn: found[arn] for arn in arns if arn in found},
        described=found.get("described", []),
        complete=len(found) == len(reads),
    )


def service_of(
    run: Run,
    name: str,
    stable: Color,
    declared: bool,
    routes: Sequence[Route],
    target_groups: TargetGroups,
    found: Gathered,
) -> Service:
    """The service as a value."""
    tags = found.tags.values()
    environments = {
        color: Environment(
            color,
            arns,
            weight=lowest_weight(routes, color),
            group=found.groups.by_color.get(color),
            targets=found.targets_of(arns) or [],
        )
        for color, arns in target_groups.items()
    }
    return Service(
        name,
        stable,
        declared,
        routes,
        environments,
        find_freeze(tags),
        found.groups.names,
        holder_of(run, tags),
        read_outcomes(tags),
    )


def _read_groups(run: Run, service: str) -> Groups:
    found = autoscaling.describe_groups(run.client("autoscaling"), tags={SERVICE: service})
    living = [group for group in found if not is_being_deleted(group)]
    launched = read_launch_data(run, living) if living else {}
    images = images_of(run, launched)
    groups: dict[Color, Group] = {}
    for group in living:
        tags = tags_of(group)
        color = tags.get(COLOR, "")
        if color in groups:
            raise BluegreenError(
                f"Two Auto Scaling groups are tagged as {service}'s {color}: {groups[color].name} and "
                f"{group['AutoScalingGroupName']}. Remove the one that is not in use, or its tags."
            )
        name = group["AutoScalingGroupName"]
        groups[color] = _group(group, tags, launched.get(name, {}), images.get(name))
    return Groups(groups, [group["AutoScalingGroupName"] for group in found])


def _group(group: Described, tags: Mapping[str, str], launched: Data, image_id: str | None) -> Group:
    return Group(
        name=group["AutoScalingGroupName"],
        image_id=image_id,
        release=tags.get(RELEASE, image_id),
        instances=[instance["InstanceId"] for instance in group["Instances"]],
        weights=[int(instance.get("WeightedCapacity", 1)) for instance in group["Instances"]],
        desired=group["DesiredCapacity"],
        minimum=group["MinSize"],
        maximum=group["MaxSize"],
        retain_until=read_deadline(tags),
        pinned=originals_of(group),
        approval=Approval.read(tags),
        marks=Marks.read(tags),
        user_data=fingerprint(launched.get("UserData")),
        described=group,
        launched=launched,
    )
