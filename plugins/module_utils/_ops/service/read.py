# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a service's whole state: independent reads side by side, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.bake.approval import Approval
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refusal
from ..._core.base.tags import COLOR, RELEASE, RETAIN_UNTIL, SERVICE, tags_of
from ..._core.group.capacity import originals_of
from ..._core.group.marks import Marks
from ..._core.launch.templates import Data, fingerprint
from ..._core.service.colors import color_findings, record_findings
from ..._core.service.definition import Definition
from ..._core.service.environments import (
    COLORS,
    Color,
    Environment,
    Group,
    Service,
    check_owners,
    check_routes,
    find_declared,
    find_stable,
    lowest_weight,
)
from ..._core.service.freeze import find_freeze
from ..._core.targets.registration import Target
from ..._core.traffic.load_balancers import check_load_balancers, check_one_load_balancer, check_served
from ..._core.traffic.record import RecordRoute, lead_to
from ..._core.traffic.weights import Route
from ..base.run import Run, together
from ..launch.templates import read_launch_data
from ..traffic.record import read_record_routes
from ..traffic.routes import read_routes, target_group_arns
from .record_leads import read_leads

AutoScalingGroup = Mapping[str, Any]


def read_service(
    run: Run, name: str, given: Sequence[Any], named: Mapping[Color, str], gather: Sequence[str]
) -> Service:
    """A service that is as it is defined, or an error with all that is not."""
    report = Report()
    service = survey_service(run, report, Definition.parse(name, given, named), gather)
    if service is None or report.findings:
        raise refusal(f"Service {name}", report.findings)
    return service


def survey_service(run: Run, report: Report, definition: Definition, gather: Sequence[str]) -> Service | None:
    """A service as far as it can be read. What is not as it is defined is noted, and reported by the caller."""
    report.of(definition.check)
    name, named = definition.name, definition.target_groups
    asked = [*definition.routes, *([definition.test_route] if definition.test_route else [])]
    read, records = together(
        partial(report.of, read_routes, run, asked), partial(report.of, read_record_routes, run, definition.records)
    )
    arns = report.of(target_group_arns, run, list(named.values()), read or [])
    if report.findings or arns is None:
        return None
    target_groups = {color: arns[named[color]] for color in COLORS}
    report.of(check_one_load_balancer, asked)
    records = lead_to(target_groups, records)
    for route in [*read, *records]:
        report.of(check_routes, [route], target_groups)
    routes = read[: len(definition.routes)]
    both = [*routes, *records]
    found = gathered(run, report, name, target_groups, gather)
    if None in found.values():
        return None
    for group in found.get("described", []):
        owners = {group["TargetGroupArn"]: group["LoadBalancerArns"]}
        report.of(*((check_load_balancers, routes, owners) if routes else (check_served, owners)))
    report.of(check_owners, name, target_groups, found["tags"])
    for finding in color_findings(target_groups, found["tags"]):
        report.note(finding)
    for record, leads in zip(records, report.of(read_leads, run, target_groups, records) or [], strict=False):
        for finding in record_findings(record, leads):
            report.note(finding)
    declared = find_declared(target_groups, found["tags"])
    # Where weights are not what they should be, they do not tell what is stable either.
    stable = declared if report.findings else report.of(find_stable, name, both, target_groups, found["tags"])
    if stable is None:
        return None
    return service_of(name, stable, declared is not None, routes, records, target_groups, found)


def service_of(
    name: str,
    stable: Color,
    declared: bool,
    routes: Sequence[Route],
    records: Sequence[RecordRoute],
    target_groups: Mapping[Color, str],
    found: Mapping[str, Any],
) -> Service:
    """Of what was gathered."""
    groups: Groups = found.get("groups") or Groups()
    environments = {
        color: Environment(
            color,
            arn,
            weight=lowest_weight([*routes, *records], arn),
            group=groups.by_color.get(color),
            targets=list(map(Target.read, found.get(color) or [])),
        )
        for color, arn in target_groups.items()
    }
    return Service(
        name, stable, declared, routes, environments, find_freeze(found["tags"].values()), records, groups.names
    )


def gathered(
    run: Run, report: Report, name: str, target_groups: Mapping[Color, str], gather: Sequence[str]
) -> dict[str, Any]:
    """What was asked for, read side by side; None is what could not be read. ``targets`` is health without the rest."""
    client, arns = run.client("elbv2"), list(target_groups.values())
    reads: dict[str, Any] = {"tags": partial(elbv2.describe_tags, client, arns)}
    if "health" in gather:
        reads["described"] = partial(elbv2.describe_target_groups_by_arn, client, arns)
    if {"health", "targets"} & set(gather):
        reads |= {color: partial(elbv2.describe_target_health, client, arn) for color, arn in target_groups.items()}
    if "groups" in gather:
        reads["groups"] = partial(_read_groups, run, name)
    answers = together(*[partial(report.of, read) for read in reads.values()])
    return dict(zip(reads, answers, strict=True))


@dataclass(frozen=True)
class Groups:
    """A service's Auto Scaling groups, found by tags. ``names`` are also of such that are being deleted."""

    by_color: Mapping[Color, Group] = field(default_factory=dict)
    names: Sequence[str] = ()


def _read_groups(run: Run, service: str) -> Groups:
    found = autoscaling.describe_groups(run.client("autoscaling"), tags={SERVICE: service})
    living = [group for group in found if not group.get("Status")]
    launched = read_launch_data(run, living) if living else {}
    groups: dict[Color, Group] = {}
    for group in living:
        tags = tags_of(group)
        color = tags.get(COLOR, "")
        if color in groups:
            raise BluegreenError(
                f"Two Auto Scaling groups are tagged as {service}'s {color}: {groups[color].name} and "
                f"{group['AutoScalingGroupName']}. Remove the one that is not in use, or its tags."
            )
        groups[color] = _group(group, tags, launched.get(group["AutoScalingGroupName"], {}))
    return Groups(groups, [group["AutoScalingGroupName"] for group in found])


def _group(group: AutoScalingGroup, tags: Mapping[str, str], launched: Data) -> Group:
    return Group(
        name=group["AutoScalingGroupName"],
        image_id=launched.get("ImageId"),
        release=tags.get(RELEASE, launched.get("ImageId")),
        instances=[instance["InstanceId"] for instance in group["Instances"]],
        weights=[int(instance.get("WeightedCapacity", 1)) for instance in group["Instances"]],
        desired=group["DesiredCapacity"],
        minimum=group["MinSize"],
        maximum=group["MaxSize"],
        retain_until=datetime.fromisoformat(tags[RETAIN_UNTIL]) if RETAIN_UNTIL in tags else None,
        pinned=originals_of(group),
        approval=Approval.read(tags),
        marks=Marks.read(tags),
        user_data=fingerprint(launched.get("UserData")),
        described=group,
        launched=launched,
    )
