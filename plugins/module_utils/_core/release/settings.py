# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a service, one value for each part of the work that uses them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..bake.metrics import Metric
from ..checks.expectations import Check
from ..checks.replies import Mark
from ..service.override import Override
from ..traffic.pairs import Color
from ..traffic.route import RouteDefinition
from .steps import Step
from .windows import Window


@dataclass(frozen=True)
class TestRoute:
    """Either ``arn`` and ``url``, or ``urls`` by color."""

    arn: str = ""
    url: str = ""
    urls: Mapping[Color, str] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)

    def url_of(self, color: Color) -> str:
        return self.urls.get(color) or self.url


@dataclass(frozen=True)
class Place:
    """Where the service is. ``target_groups`` are names or ARNs, the nth of blue and the nth of
    green being a pair. ``stable`` is the color that a person says is stable."""

    routes: Sequence[RouteDefinition]
    target_groups: Mapping[Color, Sequence[str]]
    test_route: TestRoute | None
    stable: Color | None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Blue's and green's target groups, side by side."""
        return list(zip(self.target_groups.get("blue", ()), self.target_groups.get("green", ()), strict=True))


@dataclass(frozen=True)
class Candidate:
    """What is to run. ``first_group`` is empty for a service that has one."""

    image_id: str
    release: str
    user_data: str = field(repr=False)
    first_group: Mapping[str, Any] = field(repr=False)
    headroom_percent: int
    health_timeout: int
    shape_change: str
    failed_candidate: str
    max_failed: int | None

    @property
    def label(self) -> str:
        return self.release or self.image_id


@dataclass(frozen=True)
class Verification:
    checks: Sequence[Check]
    release_from: Mark | None
    instance_from: Mark | None


@dataclass(frozen=True)
class Shift:
    """``steps`` say how long each bakes. ``stickiness_seconds`` is None where routes stay as they are."""

    steps: Sequence[Step]
    shift_timeout: int
    propagation_timeout: int
    stickiness_seconds: int | None
    alarms: Sequence[str]
    metrics: Sequence[Metric]
    inconclusive: str


@dataclass(frozen=True)
class Gates:
    windows: Sequence[Window]
    override: Override


@dataclass(frozen=True)
class Ending:
    """What becomes of the old environment. None stands for what AWS says."""

    retain_seconds: int
    quiet_seconds: int
    quiet_timeout: int
    ttl_margin_seconds: int
    drain_timeout: int | None
    removal_timeout: int | None
    teardown_spread_seconds: int
    keep_versions: int


@dataclass(frozen=True)
class Roll:
    min_healthy_percentage: int
    max_healthy_percentage: int
    instance_warmup: int | None
    checkpoints: Sequence[int]
    bake_seconds: int
    hold_seconds: int
    scale_in_protected: str
    standby: str
    roll_timeout: int


@dataclass(frozen=True)
class Adoption:
    """``test_route`` has the options of module test_route; it is empty for none."""

    group: str
    test_route: Mapping[str, Any]
    stickiness_seconds: int


@dataclass(frozen=True)
class Freezing:
    reason: str
    by: str
    until: str


@dataclass(frozen=True)
class Approving:
    """``weight`` is None for any."""

    weight: int | None
    by: str
