# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bake takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..._core.bake.baseline import BASELINES, SAME_MINUTES
from ..._core.bake.significance_budget import SIGNIFICANCE
from ..base.leased import Leased
from ..base.options import Options, option
from .metrics import MetricOptions


@dataclass(frozen=True, kw_only=True)
class ColorOptions(Options):
    target_group: str
    other_target_groups: Sequence[str] = ()
    placeholders: Mapping[str, Any] = field(default_factory=dict)

    @property
    def every(self) -> list[str]:
        """All its target groups."""
        return [self.target_group, *self.other_target_groups]


@dataclass(frozen=True, kw_only=True)
class HealthOptions(Options, required_one_of=[("minimum_healthy", "group")]):
    target_group: str
    minimum_healthy: int | None = None
    group: str | None = None
    capacity: Literal["desired", "minimum"] = "desired"
    percent: int = 100


@dataclass(frozen=True, kw_only=True)
class AwaitedApproval(Options):
    group: str
    weight: int
    then: Literal["continue", "rollback"] = "continue"


@dataclass(frozen=True, kw_only=True)
class BakeOptions(Leased, checks_lease="later"):
    seconds: int
    interval: float = 5.0
    deadline: float | None = None
    approval: AwaitedApproval | None = None
    routes: Sequence[Any] = ()
    strays: bool = False
    propagation_timeout: int = 300
    alarms: Sequence[str] = ()
    quiet_timeout: int = 0
    judge_stable: Literal["always", "unless_down", "once_up"] = "always"
    target_groups: Sequence[HealthOptions] = ()
    metrics: Sequence[MetricOptions] = ()
    metrics_interval: float = 15.0
    metrics_lag: float = 120.0
    candidate: ColorOptions | None = None
    stable: ColorOptions | None = None
    baseline: str = option(SAME_MINUTES, choices=list(BASELINES))
    significance: float = SIGNIFICANCE
