# SPDX-License-Identifier: GPL-3.0-or-later
"""Service web as it is read from AWS. Blue is stable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import (
    Environment,
    Service,
    lowest_weight,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.group import Group
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward_route import ForwardRoute

from ..targets.targets import target
from ..traffic.routes import ENVIRONMENTS, forward_route

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def route(weights: Mapping[str, int]) -> ForwardRoute:
    return forward_route(weights).leading(ENVIRONMENTS)


def group(color: str, **fields: Any) -> Group:
    """Of one instance, with 1.0.0, unless it is said otherwise."""
    basis = Group(f"web-{color}-v001", "ami-1", "1.0.0", ["i-1"], [1], 1, 1, 2, None, None)
    return replace(basis, **fields)


LIVE = group("blue")


def service(
    routes: Sequence[ForwardRoute], candidate: Group | None = None, *, live: Group | None = LIVE, declared: bool = True
) -> Service:
    """Without targets."""
    groups = {"blue": live, "green": candidate}
    environments = {
        color: Environment(color, arns, lowest_weight(routes, color), groups[color], [])
        for color, arns in ENVIRONMENTS.items()
    }
    return Service("web", "blue", declared, routes, environments)


def with_group(stands: Service, color: str, **fields: Any) -> Service:
    """Where the group of this color has these fields."""
    environment = stands.environments[color]
    assert environment.group
    present = {color: replace(environment, group=replace(environment.group, **fields))}
    return replace(stands, environments={**stands.environments, **present})


def with_healthy(stands: Service, **targets: int) -> Service:
    """Where each color has so many healthy targets."""
    environments = {
        color: replace(its, targets=[target("i-1")] * targets[color]) for color, its in stands.environments.items()
    }
    return replace(stands, environments=environments)
