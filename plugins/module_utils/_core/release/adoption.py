# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that was not made for blue and green: what is there, what is in the way, and what is to be done."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from ..base.tags import SERVICE, STABLE, tags_of
from ..group.clone_checks import check_all_attached, check_all_served
from ..targets.members import target_groups_of
from ..targets.registration import Target
from ..traffic.pairs import Color, other
from ..traffic.references import Reference
from ..traffic.route import Route
from ..traffic.target_group_copy import Traits

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """A target group of blue and its counterpart of green: their names in the definition, and those that exist, by
    color."""

    named: Mapping[Color, str]
    described: Mapping[Color, Item]

    @property
    def arns(self) -> dict[Color, str]:
        return {color: group["TargetGroupArn"] for color, group in self.described.items()}

    def name(self, color: Color) -> str:
        return str(self.described[color]["TargetGroupName"]) if color in self.described else self.named[color]

    def stand_in(self, color: Color) -> str:
        """What represents the color in a route, or will do so."""
        return self.arns.get(color, self.named[color])


@dataclass(frozen=True)
class Adoption:
    """``tags`` of the target groups by ARN, those that there are; ``routes`` know which pair is theirs."""

    service: str
    stable: Color
    pairs: Sequence[Pair]
    tags: Mapping[str, Mapping[str, str]]
    routes: Sequence[Route]

    @property
    def candidate(self) -> Color:
        return other(self.stable)

    @property
    def live(self) -> list[str]:
        return self.arns(self.stable)

    def arns(self, color: Color) -> list[str]:
        """The ARNs of the target groups that exist."""
        return [pair.arns[color] for pair in self.pairs if color in pair.arns]

    def name(self, color: Color) -> str:
        return " and ".join(pair.name(color) for pair in self.pairs)

    def routes_of(self, pair: Pair) -> list[Route]:
        return [route for route in self.routes if route.own[self.stable] == pair.stand_in(self.stable)]

    def as_data(self, group: str | None, todo: Sequence[str]) -> dict[str, Any]:
        twins = [
            {
                "source": pair.arns[self.stable],
                "name": pair.name(self.candidate),
                "routes": [route.title for route in self.routes_of(pair)],
            }
            for pair in self.pairs
        ]
        colors = (self.stable, self.candidate)
        return {
            "service": self.service,
            "stable": self.stable,
            "candidate": self.candidate,
            "target_groups": {
                color: [{"name": pair.name(color), "arn": pair.arns.get(color)} for pair in self.pairs]
                for color in colors
            },
            "twins": twins,
            "group": group,
            "todo": list(todo),
        }


def check_exists(adoption: Adoption) -> None:
    for pair in adoption.pairs:
        if adoption.stable not in pair.described:
            raise BluegreenError(
                f"{adoption.stable} of {adoption.service} is stable, but there is no target group "
                f"{pair.name(adoption.stable)}. Correct tag {STABLE} or the name."
            )


def check_idle(adoption: Adoption) -> None:
    """A release that is in progress has its own weights, which are not to be touched."""
    for route in adoption.routes:
        if adoption.candidate in route.shares():
            raise BluegreenError(
                f"A release of {adoption.service} is in progress: {route.title} splits {route.describe()}. "
                "Finish it or run rollback.yml first."
            )


def check_type(adoption: Adoption) -> None:
    for pair in adoption.pairs:
        kind = pair.described[adoption.stable]["TargetType"]
        if kind != "instance":
            raise BluegreenError(
                f"Target group {pair.name(adoption.stable)} takes targets of type {kind}; an environment is an Auto "
                "Scaling group, which registers its instances in a target group of type instance."
            )


def check_stickiness(adoption: Adoption, pair: Pair, attributes: Mapping[str, str], seconds: int | None) -> None:
    """Sticky targets need a sticky target group as soon as there are two of them in a route.

    (Sticky sessions for your Application Load Balancer, in its user guide: application cookies do not work with
    weighted target groups at all.) ``attributes`` of the pair's live target group.
    """
    if attributes.get("stickiness.enabled") != "true":
        return
    name = pair.name(adoption.stable)
    if attributes.get("stickiness.type") == "app_cookie":
        raise BluegreenError(
            f"Target group {name} is sticky by a cookie of the application, which does not work where two target "
            "groups share the traffic; change its stickiness to lb_cookie first."
        )
    for route in adoption.routes_of(pair):
        if not route.by_request:
            raise BluegreenError(
                f"The targets of {name} are sticky. AWS would want {route.title} with two target groups to be sticky "
                "as well, and the stickiness of a Network Load Balancer has no duration, so that no release could "
                "remove an old environment. Turn the stickiness of the target group off, and that of the listener."
            )
        if not (seconds or route.stickiness_seconds):
            raise BluegreenError(
                f"The targets of {name} are sticky, and {route.title} is not: AWS wants a route with two target groups "
                "to be sticky then. Give the seconds (stickiness_seconds) for which a client keeps its target group."
            )


def choose_group(adoption: Adoption, groups: Sequence[Item], wanted: str | None) -> Item:
    """The Auto Scaling group that runs the stable environment.

    The one asked for; or, after a release has put another one in its place, the one that is tagged as the service's; or
    else the only one there is.
    """
    live = set(adoption.live)
    attached = {each["AutoScalingGroupName"]: each for each in groups if live & set(target_groups_of(each))}
    owned = [group for group in attached.values() if tags_of(group).get(SERVICE) == adoption.service]
    if found := _meant(attached, owned, wanted):
        check_all_served(found, adoption.live)
        check_all_attached(found, adoption.live)
        return found
    there = f"attached to {adoption.name(adoption.stable)}: {', '.join(sorted(attached)) or 'none'}"
    if wanted:
        raise BluegreenError(
            f"Auto Scaling group {wanted} does not run {adoption.service} ({there}); name another one."
        )
    reason = "Name the one that does." if attached else "An environment is an Auto Scaling group."
    raise BluegreenError(f"Which Auto Scaling group runs {adoption.service} ({there})? {reason}")


def _meant(attached: Mapping[str, Item], owned: Sequence[Item], wanted: str | None) -> Item | None:
    if wanted and wanted in attached:
        return attached[wanted]
    if len(owned) == 1:
        return owned[0]
    return next(iter(attached.values())) if len(attached) == 1 and not wanted else None


def check_vacant(adoption: Adoption, groups: Sequence[Item], targets: Sequence[Target]) -> None:
    """The idle environment is empty, or holds a release of this service: anything else would get its traffic."""
    idle, name = set(adoption.arns(adoption.candidate)), adoption.name(adoption.candidate)
    attached = [group for group in groups if idle & set(target_groups_of(group))]
    foreign = [group["AutoScalingGroupName"] for group in attached if tags_of(group).get(SERVICE) != adoption.service]
    if foreign:
        raise BluegreenError(
            f"Target group {name} must be empty, but {', '.join(foreign)} is attached to it; detach it."
        )
    if by_hand := _by_hand(targets, attached):
        raise BluegreenError(f"Target group {name} must be empty, but {', '.join(by_hand)} is in it; deregister it.")


def group_warnings(adoption: Adoption, group: Item, targets: Sequence[Target]) -> list[str]:
    """``targets``: those of the stable target groups."""
    name, found = group["AutoScalingGroupName"], []
    if by_hand := _by_hand(targets, [group]):
        found.append(
            f"{', '.join(by_hand)} of {adoption.name(adoption.stable)} is not {name}'s, so nothing takes its place "
            "when a release moves the traffic."
        )
    return found


def strays(adoption: Adoption, references: Sequence[Reference], known: Collection[str]) -> list[str]:
    """``references`` are those of the routes' load balancers. One that is no route stays behind at a release."""
    own = {*known, *(route.title for route in adoption.routes)}
    return [
        f"{each.arn} forwards to {adoption.name(adoption.stable)} too and is not among the routes: its requests stay "
        "there when a release moves the others. Add it to the routes unless this is intended."
        for each in references
        if each.arn not in own and each.names(adoption.live)
    ]


def todo(
    adoption: Adoption, lacking: Sequence[Traits], unclaimed: Collection[str], stickiness_seconds: int | None
) -> Iterator[str]:
    """What is left to do, as sentences, in the order in which it is done. ``lacking``: what the copy of each pair
    lacks."""
    for pair, its in zip(adoption.pairs, lacking, strict=True):
        yield from _todo_of(adoption, pair, its, stickiness_seconds)
    if unclaimed:
        yield f"Tag as {adoption.service}'s: {', '.join(unclaimed)}."
    incomplete = any(adoption.candidate not in pair.arns for pair in adoption.pairs)
    if incomplete or any(its.get(STABLE) != adoption.stable for its in adoption.tags.values()):
        yield f"Declare {adoption.stable} ({adoption.name(adoption.stable)}) stable."


def _todo_of(adoption: Adoption, pair: Pair, lacking: Traits, stickiness_seconds: int | None) -> Iterator[str]:
    stable, idle, arn = pair.name(adoption.stable), pair.name(adoption.candidate), pair.arns.get(adoption.candidate)
    if arn is None:
        yield f"Make target group {idle}, the copy of {stable}."
    elif lacking:
        keys = [*lacking.settings, *lacking.attributes, *lacking.tags]
        yield f"Update target group {idle} to match {stable}: {', '.join(keys)}."
    for route in adoption.routes_of(pair):
        if arn not in route.weights:
            yield f"Add {idle} to {route.title}, without traffic."
        if stickiness_seconds is not None and stickiness_seconds != route.stickiness_seconds:
            yield f"Keep the clients of {route.title} on their target group for {stickiness_seconds} s."


def _by_hand(targets: Sequence[Target], groups: Sequence[Item]) -> list[str]:
    """Targets that no group registered."""
    members = {instance["InstanceId"] for group in groups for instance in group["Instances"]}
    return sorted({target.id for target in targets if target.state != "draining"} - members)
