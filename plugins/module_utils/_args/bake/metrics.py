# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of metrics: what an item of bake's option ``metrics`` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..._core.bake.histogram import UNITS
from ..._core.bake.metrics import TAKES
from ..base.options import Options, option


@dataclass(frozen=True, kw_only=True)
class QueryOptions(Options, required_together=[("namespace", "metric_name")]):
    id: str
    namespace: str | None = None
    metric_name: str | None = None
    dimensions: Mapping[str, Any] | None = None
    statistic: str | None = None
    expression: str | None = None


@dataclass(frozen=True, kw_only=True)
class ThresholdOptions(Options, required_one_of=[("above", "below")]):
    above: float | None = None
    below: float | None = None
    allowed: int = 0


@dataclass(frozen=True, kw_only=True)
class EffectOptions(Options):
    ratio: float | None = None
    difference: float | None = None


@dataclass(frozen=True, kw_only=True)
class MetricOptions(Options):
    name: str
    compare: str | None = option(None, choices=list(TAKES))
    queries: Sequence[QueryOptions] | None = None
    numerator: Sequence[str] | None = None
    denominator: str | None = None
    answered: Sequence[str] | None = None
    value: str | None = None
    period: int = 60
    unit: str = option("seconds", choices=list(UNITS))
    threshold: ThresholdOptions | None = None
    effect: EffectOptions | None = None
    minimum_samples: int | None = None
    worse: Literal["higher", "lower"] = "higher"
    dry_run: bool = False
