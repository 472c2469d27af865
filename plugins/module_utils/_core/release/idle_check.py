# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an environment gets traffic, from its weights and from the requests that its target group has answered."""

from __future__ import annotations

from collections.abc import Sequence

from ..bake.request_counts import Requests
from ..base.errors import BluegreenError
from ..base.timestamps import to_the_minute
from ..service.environments import Service
from ..traffic.pairs import Color
from ..traffic.references import Reference
from ..traffic.route import Route
from ..traffic.sessions import holds_without_end


def check_idle(service: Service, color: Color) -> None:
    """Refuse an environment that is stable, has weight on any route, or keeps clients without an end."""
    if service.stable == color:
        raise BluegreenError(f"{color} of {service.name} is stable; it has to stay.")
    for route in service.routes:
        if color in route.shares():
            raise BluegreenError(f"{color} of {service.name} has traffic: {route.title} has {route.describe()}.")
        if holds_without_end(route) and color in route.by_color():
            raise BluegreenError(
                f"{color} of {service.name} may have clients without having weight: {route.title} is sticky, and the "
                "stickiness of a Network Load Balancer has no duration. Turn the group stickiness of the listener off, "
                "then run again."
            )


def check_strays(service: Service, color: Color, strays: Sequence[Reference]) -> None:
    """Refuse an environment that listeners or rules send requests to which are not routes of the service."""
    if strays:
        groups = service.environments[color].target_groups
        raise BluegreenError(
            f"{color} of {service.name} is not removed. {'; '.join(stray.message(groups) for stray in strays)}. These "
            "are not routes of the service: let them forward elsewhere, or add them to bluegreen_routes and deploy "
            "again.",
            strays=[stray.arn for stray in strays],
        )


def quiet_window(seconds: int, routes: Sequence[Route], color: Color) -> int:
    """How long nobody may have asked, in seconds.

    A client with a cookie for an environment that the route names is sent there whatever the weights are, until the
    cookie ends, and is answered 503 when no target is left. The cookie came with an answer of this environment: if
    there was none for as long as a cookie lives, nobody has one.
    """
    return max([seconds, *(route.stickiness_seconds for route in routes if color in route.by_color())])


def refuse_requests(requests: Requests, name: str, window: int) -> None:
    if requests.last is not None:
        raise BluegreenError(
            f"{name} still gets requests: {requests.count} within the last {window} s, "
            f"the latest after {to_the_minute(requests.last)}. They come through open connections, sticky sessions or "
            "the test route. Run again when they have ended.",
            requests=requests.count,
        )
