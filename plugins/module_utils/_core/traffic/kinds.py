# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of routes, each by the class of its definition. _ops reads and writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..base.errors import BluegreenError
from .forward_route import Listener, Rule
from .record import RecordDefinition
from .route import RouteDefinition

KINDS: list[type[RouteDefinition]] = [
    Listener,
    Rule,
    RecordDefinition,
]


def parse_route(given: Any) -> RouteDefinition:
    for kind in KINDS:
        if (found := kind.parse(given)) is not None:
            return found
    *others, last = (kind.described for kind in KINDS)
    raise BluegreenError(f"{given} is not a route. A route is {', '.join(others)} or {last}.")


def parse_routes(given: Iterable[Any]) -> list[RouteDefinition]:
    return [parse_route(each) for each in given]
