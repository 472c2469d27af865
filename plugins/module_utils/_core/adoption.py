# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that was not made for blue and green: what is there, what is in the way, and what is to be done."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .arns import is_application, target_group_name
from .errors import BluegreenError
from .service import Color, other
from .tags import STABLE
from .twin import Traits
from .weights import Route, describe

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Adoption:
    """``named``: the two target groups as the user names them; ``arns`` of those that exist, as the stable one does."""

    service: str
    stable: Color
    named: Mapping[Color, str]
    arns: Mapping[Color, str]
    routes: Sequence[Route]

    @property
    def candidate(self) -> Color:
        return other(self.stable)

    @property
    def live(self) -> str:
        return self.arns[self.stable]

    def name(self, color: Color) -> str:
        return target_group_name(self.arns[color]) if color in self.arns else self.named[color]

    def shown(self, group: str | None, todo: Sequence[str]) -> dict[str, Any]:
        return {
            "service": self.service,
            "stable": self.stable,
            "candidate": self.candidate,
            "target_groups": {color: {"name": self.name(color), "arn": self.arns.get(color)} for color in self.named},
            "group": group,
            "todo": list(todo),
        }


def check_idle(adoption: Adoption) -> None:
    """A release that is under way has its own weights, which are not to be touched."""
    idle = adoption.arns.get(adoption.candidate)
    for route in adoption.routes:
        if idle in route.shares():
            raise BluegreenError(
                f"A release of {adoption.service} is under way: {route.arn} splits {describe(route.shares())}. "
                "Finish it or run rollback.yml first."
            )


def check_type(group: Item) -> None:
    if group["TargetType"] != "instance":
        raise BluegreenError(
            f"Target group {group['TargetGroupName']} takes targets of type {group['TargetType']}; an environment is "
            "an Auto Scaling group, which registers its instances in a target group of type instance."
        )


def check_stickiness(adoption: Adoption, attributes: Mapping[str, str], seconds: int | None) -> None:
    """Sticky targets need a sticky target group as soon as there are two of them in a route.

    (Sticky sessions for your Application Load Balancer, in its user guide: application cookies do not work with
    weighted target groups at all.)
    """
    if attributes.get("stickiness.enabled") != "true":
        return
    name = adoption.name(adoption.stable)
    if attributes.get("stickiness.type") == "app_cookie":
        raise BluegreenError(
            f"Target group {name} is sticky by a cookie of the application, which AWS does not allow where two target "
            "groups share the traffic; change its stickiness to lb_cookie first."
        )
    for route in adoption.routes:
        if is_application(route.arn) and not (seconds or route.forward.stickiness_seconds()):
            raise BluegreenError(
                f"The targets of {name} are sticky, and {route.arn} is not: AWS wants a route with two target groups "
                "to be sticky then. Give the seconds (stickiness_seconds) for which a client keeps its target group."
            )


def find_group(adoption: Adoption, groups: Sequence[Item], wanted: str | None) -> Item:
    """The Auto Scaling group that runs the stable environment: the one asked for, or the only one there is."""
    name = adoption.name(adoption.stable)
    attached = {group["AutoScalingGroupName"]: group for group in groups if adoption.live in target_groups_of(group)}
    if wanted:
        if wanted in attached:
            return attached[wanted]
        raise BluegreenError(
            f"Auto Scaling group {wanted} is not attached to target group {name}; {_those(attached)}. Name another one."
        )
    if len(attached) == 1:
        return next(iter(attached.values()))
    reason = "Name the one that runs the service." if attached else "A service is one that an Auto Scaling group runs."
    raise BluegreenError(f"Which Auto Scaling group runs {adoption.service}? {_those(attached).capitalize()}. {reason}")


def target_groups_of(group: Item) -> set[str]:
    sources = [each["Identifier"] for each in group.get("TrafficSources", []) if each.get("Type") == "elbv2"]
    return {*group.get("TargetGroupARNs", []), *sources}


def group_warnings(adoption: Adoption, group: Item) -> list[str]:
    name, others = group["AutoScalingGroupName"], target_groups_of(group) - {adoption.live}
    names = ", ".join(sorted(map(target_group_name, others)))
    if not others:
        return []
    return [f"{name} is also attached to {names}; groups of later releases will be attached to this service's only."]


def strays(adoption: Adoption, forwards: Mapping[str, Sequence[Item]], known: Collection[str]) -> list[str]:
    """``forwards``: the actions of every listener and rule by ARN. One that is no route stays behind at a release."""
    routes = {route.arn for route in adoption.routes}
    found = [
        arn
        for arn, actions in forwards.items()
        if arn not in routes and arn not in known and adoption.live in _target_groups(actions)
    ]
    name = adoption.name(adoption.stable)
    return [
        f"{arn} forwards to {name} too and is not among the routes: its requests stay there when a release moves the "
        "others. Add it to the routes unless that is meant."
        for arn in found
    ]


def todo(
    adoption: Adoption,
    lacking: Traits,
    unclaimed: Collection[str],
    tags: Mapping[str, Mapping[str, str]],
    stickiness_seconds: int | None,
) -> Iterator[str]:
    """What is left to do, as sentences, in the order in which it is done."""
    stable, idle = adoption.name(adoption.stable), adoption.name(adoption.candidate)
    arn = adoption.arns.get(adoption.candidate)
    if arn is None:
        yield f"Make target group {idle}, the twin of {stable}."
    elif lacking:
        keys = [*lacking.settings, *lacking.attributes, *lacking.tags]
        yield f"Bring target group {idle} into line with {stable}: {', '.join(keys)}."
    for route in adoption.routes:
        if arn not in route.forward.weights:
            yield f"Put {idle} into {route.arn}, without traffic."
        if stickiness_seconds is not None and stickiness_seconds != route.forward.stickiness_seconds():
            yield f"Keep the clients of {route.arn} on their target group for {stickiness_seconds} s."
    if unclaimed:
        yield f"Tag as {adoption.service}'s: {', '.join(unclaimed)}."
    if arn is None or any(its.get(STABLE) != adoption.stable for its in tags.values()):
        yield f"Declare {adoption.stable} ({stable}) stable."


def _target_groups(actions: Sequence[Item]) -> set[str]:
    forwards = [action for action in actions if action["Type"] == "forward"]
    listed = [each["TargetGroupArn"] for it in forwards for each in it.get("ForwardConfig", {}).get("TargetGroups", [])]
    return {*listed, *(action["TargetGroupArn"] for action in forwards if "TargetGroupArn" in action)}


def _those(attached: Collection[str]) -> str:
    return f"attached are {', '.join(sorted(attached))}" if attached else "no Auto Scaling group is attached to it"
