# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a service's whole state: independent reads side by side, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from .._aws import autoscaling, elbv2
from .._core.capacity import originals_of
from .._core.errors import BluegreenError
from .._core.service import (
    COLORS,
    Color,
    Environment,
    Group,
    Service,
    check_colors,
    check_load_balancers,
    check_routes,
    find_declared,
    find_stable,
    lowest_weight,
)
from .._core.tags import COLOR, RELEASE, RETAIN_UNTIL, SERVICE
from .._core.targets import Target
from .launch_templates import read_images
from .routes import read_routes, target_group_arns
from .run import Run, together

AutoScalingGroup = Mapping[str, Any]


def service_info(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module service_info."""
    service = read_service(run, options["service"], options["routes"], options["target_groups"], options["gather"])
    return {"changed": False, "service": service.shown(datetime.fromtimestamp(run.clock.now(), UTC))}


def read_service(
    run: Run, name: str, route_arns: Sequence[str], named: Mapping[Color, str], gather: Sequence[str]
) -> Service:
    check_colors(named)
    routes = read_routes(run, route_arns)
    arns = target_group_arns(run, list(named.values()), routes)
    target_groups = {color: arns[named[color]] for color in COLORS}
    check_routes(routes, target_groups)

    client = run.client("elbv2")
    reads: dict[str, Any] = {"tags": partial(elbv2.describe_tags, client, list(target_groups.values()))}
    if "health" in gather:
        reads["described"] = partial(elbv2.describe_target_groups_by_arn, client, list(target_groups.values()))
        reads |= {color: partial(elbv2.describe_target_health, client, arn) for color, arn in target_groups.items()}
    if "groups" in gather:
        reads["groups"] = partial(_read_groups, run, name)
    found = dict(zip(reads, together(*reads.values()), strict=True))

    owned = {item["TargetGroupArn"]: item["LoadBalancerArns"] for item in found.get("described", [])}
    check_load_balancers(routes, owned)
    return Service(
        name=name,
        stable=find_stable(name, routes, target_groups, found["tags"]),
        declared=find_declared(target_groups, found["tags"]) is not None,
        routes=routes,
        environments={
            color: Environment(
                color,
                arn,
                weight=lowest_weight(routes, arn),
                group=found.get("groups", {}).get(color),
                targets=list(map(Target.read, found.get(color, []))),
            )
            for color, arn in target_groups.items()
        },
    )


def _read_groups(run: Run, service: str) -> dict[Color, Group]:
    """The service's group of each color, found by tags; one that is being deleted does not count."""
    found = autoscaling.describe_groups(run.client("autoscaling"), tags={SERVICE: service})
    living = [group for group in found if not group.get("Status")]
    images = read_images(run, living) if living else {}
    groups: dict[Color, Group] = {}
    for group in living:
        tags = {tag["Key"]: tag["Value"] for tag in group["Tags"]}
        color = tags.get(COLOR, "")
        if color in groups:
            raise BluegreenError(
                f"Two Auto Scaling groups are tagged as {service}'s {color}: {groups[color].name} and "
                f"{group['AutoScalingGroupName']}. Remove the one that is not in use, or its tags."
            )
        groups[color] = _group(group, tags, images.get(group["AutoScalingGroupName"]))
    return groups


def _group(group: AutoScalingGroup, tags: Mapping[str, str], image_id: str | None) -> Group:
    return Group(
        name=group["AutoScalingGroupName"],
        image_id=image_id,
        release=tags.get(RELEASE, image_id),
        instances=[instance["InstanceId"] for instance in group["Instances"]],
        weights=[int(instance.get("WeightedCapacity", 1)) for instance in group["Instances"]],
        desired=group["DesiredCapacity"],
        minimum=group["MinSize"],
        maximum=group["MaxSize"],
        retain_until=datetime.fromisoformat(tags[RETAIN_UNTIL]) if RETAIN_UNTIL in tags else None,
        pinned=originals_of(group),
    )
