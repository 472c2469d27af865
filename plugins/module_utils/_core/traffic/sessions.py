# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions: which clients stay with an environment whatever its weight is, and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from .route import Route

LONGEST = 604800  # seconds: TargetGroupStickinessConfig in the ELBv2 API reference


def check_stickiness(seconds: int | None, routes: Sequence[Route]) -> None:
    """``seconds`` that a route is to be given; None leaves it as it is."""
    if seconds is None:
        return
    if not 0 <= seconds <= LONGEST:
        raise BluegreenError(
            f"A client keeps its target group for 1 to {LONGEST} seconds, or for 0, which is not at all; "
            f"given: {seconds}."
        )
    for route in routes:
        if seconds and route.load_balancer and not route.by_request:
            raise BluegreenError(
                f"{route.title} is of a Network Load Balancer, whose stickiness has no duration. Leave the seconds "
                "out, and the route stays as sticky as it is."
            )


def holds_without_end(route: Route) -> bool:
    """Whether clients return to their target group whatever its weight is, and nothing says until when: the
    stickiness of a Network Load Balancer has no duration (TargetGroupStickinessConfig in the ELBv2 API reference)."""
    return route.sticky and not route.stickiness_seconds


def check_release_ends_sessions(seconds: int | None, routes: Sequence[Route]) -> None:
    """``seconds`` that the release gives the routes. Clients that still come to the old environment would fail when it
    is removed."""
    for route in routes:
        if seconds is None and holds_without_end(route):
            raise BluegreenError(
                f"{route.title} is sticky, and the stickiness of a Network Load Balancer has no duration: clients "
                "would come to the old environment until it is removed, and fail then. Set "
                "bluegreen_stickiness_seconds to 0, so that the first step turns the stickiness off."
            )


def loose(seconds: int | None, routes: Sequence[Route]) -> list[Route]:
    """Those of load balancers that are not sticky once they have been given ``seconds``."""
    return [each for each in routes if not each.in_front and not (each.sticky if seconds is None else seconds)]


def check_targets(target_group: str, attributes: Mapping[str, str], routes: Sequence[Route]) -> None:
    """``routes`` are not sticky: AWS refuses their weights where the targets are."""
    if attributes.get("stickiness.enabled") != "true" or not routes:
        return
    targets = f"The targets of {target_group_name(target_group)} are sticky (stickiness.enabled)"
    if not routes[0].by_request:
        raise BluegreenError(
            f"{targets}, and a route of a Network Load Balancer cannot be during a release, for its stickiness has no "
            "duration. Turn the targets' stickiness off."
        )
    raise BluegreenError(
        f"{targets}, so AWS wants its routes to be: give the seconds for which a client keeps its target group, or "
        "turn the targets' stickiness off."
    )


def describe_sessions(routes: Sequence[Route]) -> str:
    """Who stays where, and for how long."""
    balanced, ttl = [route for route in routes if not route.in_front], max((route.ttl for route in routes), default=0)
    sentences = [_of_clients(balanced)] if balanced else []
    if ttl:
        sentences.append(
            f"Who has resolved the name keeps the answer for {ttl} s; open connections stay where they are, as do "
            "clients that keep it longer."
        )
    return " ".join(sentences)


def _of_clients(routes: Sequence[Route]) -> str:
    sticky = [route for route in routes if route.sticky]
    if not any(route.by_request for route in routes):
        return _of_connections(bool(sticky))
    if not sticky:
        return "Each request is routed by the weights. A connection that was upgraded, such as a WebSocket, stays open."
    seconds = max(route.stickiness_seconds for route in sticky)
    named = [color for color in sticky[0].own if any(color in route.by_color() for route in sticky)]
    idle = [color for color in named if not any(color in route.shares() for route in routes)]
    if idle:
        return f"Clients that {idle[0]} answered first stay with it for {seconds} s, though it has no weight."
    if len(named) == 1:
        return f"All clients are with {named[0]}."
    return f"A client stays for {seconds} s with the environment that answered it first, whatever the weights become."


def _of_connections(sticky: bool) -> str:
    stays = "A connection stays with the environment that it was opened to until it ends."
    if sticky:
        return f"{stays} A client's next one goes there too, for its address sticks to the target group."
    return f"{stays} New ones are routed by the weights."
