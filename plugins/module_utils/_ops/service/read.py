# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a service's whole state: independent reads side by side, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..._aws.base.errors import AwsError
from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.bake.approval import Approval
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refusal
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import COLOR, RELEASE, SERVICE, tags_of
from ..._core.group.capacity import originals_of
from ..._core.group.marks import Marks
from ..._core.history.outcome import read_outcomes
from ..._core.launch.templates import Data, fingerprint
from ..._core.service.colors import color_findings, lead_findings
from ..._core.service.environments import Environment, Service, check_routes, lowest_weight
from ..._core.service.freeze import find_freeze
from ..._core.service.group import Group
from ..._core.service.place import Place
from ..._core.service.retention import read_deadline
from ..._core.service.stable import TargetGroups, arns_of, check_owners, find_declared, find_stable
from ..._core.targets.everywhere import everywhere
from ..._core.targets.registration import Target
from ..._core.traffic.load_balancers import (
    are_placed,
    check_all_named,
    check_load_balancers,
    check_one_load_balancer,
    check_served,
)
from ..._core.traffic.pairs import Color, check_order
from ..._core.traffic.route import Route
from ..base.run import Run, together
from ..launch.templates import images_of, read_launch_data
from ..lease.holder import holder_of
from ..traffic.kinds import read_routes
from ..traffic.named_groups import find_pairs
from .leads import read_leads

AutoScalingGroup = Mapping[str, Any]


def read_service(run: Run, place: Place, gather: Sequence[str]) -> Service:
    """A service that is as it is defined, or an error with everything that is not."""
    report = Report()
    service = survey_service(run, report, place, gather)
    if service is None or report.findings:
        raise _refusal(place.name, report)
    return service


def _refusal(service: str, report: Report) -> BluegreenError:
    """An error of AWS where only its answers are missing: whoever waits then reads again."""
    refused, errors = refusal(f"Service {service}", report.findings), report.errors
    missing = [error for error in errors if isinstance(error, AwsError)]
    if not missing or len(missing) < len(errors):
        return refused
    decisive = next((error for error in missing if not error.throttled), missing[0])
    return AwsError(str(refused), decisive.code, **refused.facts)


def survey_service(run: Run, report: Report, place: Place, gather: Sequence[str]) -> Service | None:
    """A service as far as it can be read. What is not as it is defined is noted, and reported by the caller."""
    report.of(place.check)
    name, named = place.name, place.target_groups
    asked = [*place.routes, *([place.test_route] if place.test_route else [])]
    read = report.of(read_routes, run, asked)
    groups = report.of(find_pairs, run, named, read or [])
    if read is None or groups is None or report.findings:
        return None
    leading = [report.of(route.leading, groups) for route in read]
    routes = [route for route in leading if route]
    if len(routes) < len(read):
        return None
    report.of(check_one_load_balancer, routes)
    for route in routes:
        report.of(check_routes, [route])
    routes = routes[: len(place.routes)]
    report.of(check_all_named, routes, groups)
    described = "health" in gather and not are_placed(routes, groups)
    found = gathered(run, report, name, groups, [*gather, *(["places"] if described else [])])
    if None in found.values():
        return None
    report.of(_check_places, routes, found)
    if "described" in found:
        report.of(check_order, groups, {group["TargetGroupArn"]: group for group in found["described"]})
    report.of(check_owners, name, groups, found["tags"])
    for finding in color_findings(groups, found["tags"]):
        report.note(finding)
    for route, leads in zip(routes, report.of(read_leads, run, groups, routes) or [], strict=False):
        for finding in lead_findings(route, leads):
            report.note(finding)
    declared = find_declared(groups, found["tags"])
    # Where weights are not what they should be, they do not show what is stable either.
    stable = declared if report.findings else report.of(find_stable, name, routes, groups, found["tags"])
    if stable is None:
        return None
    return service_of(run, name, stable, declared is not None, routes, groups, found)


def _check_places(routes: Sequence[Route], found: Mapping[str, Any]) -> None:
    """Whose load balancers the target groups are, where that was gathered."""
    owners = {group["TargetGroupArn"]: group["LoadBalancerArns"] for group in found.get("described", [])}
    check_load_balancers(routes, owners)
    if all(route.in_front for route in routes):
        check_served(owners)


def service_of(
    run: Run,
    name: str,
    stable: Color,
    declared: bool,
    routes: Sequence[Route],
    target_groups: TargetGroups,
    found: Mapping[str, Any],
) -> Service:
    """The service as a value, out of what was gathered."""
    groups: Groups = found.get("groups") or Groups()
    environments = {
        color: Environment(
            color,
            arns,
            weight=lowest_weight(routes, color),
            group=groups.by_color.get(color),
            targets=health_of(found, arns) or [],
        )
        for color, arns in target_groups.items()
    }
    tags = found["tags"].values()
    return Service(
        name,
        stable,
        declared,
        routes,
        environments,
        find_freeze(tags),
        groups.names,
        holder_of(run, tags),
        read_outcomes(tags),
    )


def health_of(found: Mapping[str, Any], arns: Sequence[str]) -> list[Target] | None:
    """The targets of the environment with these target groups. None where one could not be read, or was not asked
    for."""
    looks = [found.get(arn) for arn in arns]
    if any(look is None for look in looks):
        return None
    return everywhere([list(map(Target.read, look or [])) for look in looks])


def gathered(run: Run, report: Report, name: str, target_groups: TargetGroups, gather: Sequence[str]) -> dict[str, Any]:
    """What was asked for, read side by side; None is what could not be read. ``health`` and ``targets`` are the same,
    ``places`` are the target groups as AWS describes them."""
    client, arns = run.client("elbv2"), arns_of(target_groups)
    reads: dict[str, Any] = {"tags": partial(elbv2.describe_tags, client, arns)}
    if "places" in gather:
        reads["described"] = partial(elbv2.describe_target_groups_by_arn, client, arns)
    if {"health", "targets"} & set(gather):
        reads |= {arn: partial(elbv2.describe_target_health, client, arn) for arn in arns}
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


def _group(group: AutoScalingGroup, tags: Mapping[str, str], launched: Data, image_id: str | None) -> Group:
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
