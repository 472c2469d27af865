# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What listener_weights and route_weights take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._core.traffic.record_sets import SYNC_SECONDS
from ..base.leased import Leased
from ..base.options import Color, Options


@dataclass(frozen=True, kw_only=True)
class RequireOptions(Options, required_by={"run": ["group"], "image_id": ["group"], "zones_of": ["group"]}):
    """What must hold before the weight of a target group rises."""

    target_group: str
    minimum_healthy: int = 1
    healthy_percent: int = 0
    group: str | None = None
    run: str | None = None
    image_id: str | None = None
    zones_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class WeightsOptions(Leased, checks_lease="right_before_write"):
    weights: Mapping[str, Any]
    expected: Mapping[str, Any] | None = None
    stickiness_seconds: int | None = None
    require: Sequence[RequireOptions] = ()


@dataclass(frozen=True, kw_only=True)
class ListenerWeightsOptions(WeightsOptions):
    routes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class RouteWeightsOptions(WeightsOptions):
    routes: Sequence[Any]
    target_groups: Mapping[str, Any] | None = None
    wait_timeout: int = SYNC_SECONDS
    return_to: Color | None = None
