# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strategies: the ways of moving traffic that people know, all of them turned into the same list of steps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from ..base.errors import BluegreenError
from ..base.numbers import is_whole
from .steps import Step, parse_steps, with_bakes

# After the last shift errors that come late still return the traffic; CloudWatch's metrics are minutes old by then.
FINAL_BAKE_SECONDS = 300


@dataclass(frozen=True)
class AllAtOnce:
    """All traffic in one step."""

    final_bake_seconds: int | None = None

    def steps(self) -> list[Step]:
        return [Step(100, self.final_bake_seconds)]


@dataclass(frozen=True)
class Canary:
    """A small share first, then everything. The defaults are those of Amazon ECS
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html)."""

    percent: int = 5
    bake_seconds: int = 600
    final_bake_seconds: int | None = None

    def steps(self) -> list[Step]:
        return [Step(self.percent, self.bake_seconds), Step(100, self.final_bake_seconds)]


@dataclass(frozen=True)
class Linear:
    """Equal shares at equal intervals. The defaults are those of Amazon ECS
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html)."""

    percent: int = 10
    interval_seconds: int = 360
    final_bake_seconds: int | None = None

    def steps(self) -> list[Step]:
        shares = range(self.percent, 100, self.percent)
        return [*(Step(share, self.interval_seconds) for share in shares), Step(100, self.final_bake_seconds)]


Strategy: TypeAlias = "AllAtOnce | Canary | Linear"
TYPES: Mapping[str, type[Strategy]] = {"all_at_once": AllAtOnce, "canary": Canary, "linear": Linear}

# AWS SAM's names, and CodeDeploy's, which have something in front
# (https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html).
NAME = re.compile(
    r"(?:CodeDeployDefault\.)?(?:Lambda|ECS)?"
    r"(?:AllAtOnce|(?P<type>Canary|Linear)(?P<percent>\d+)Percent(?:Every)?(?P<minutes>\d+)Minutes?)"
)


def parse_strategy(given: Any, final_bake_seconds: int = 0) -> list[Step]:
    """The steps of a strategy as given by a person: a name, a mapping with its type, or the list of steps itself.

    ``final_bake_seconds`` is how long the last step bakes where the strategy does not say it.
    """
    return with_bakes(_parse(given), final_bake_seconds)


def _parse(given: Any) -> list[Step]:
    if isinstance(given, Mapping):
        return _typed(given).steps()
    if isinstance(given, str):
        return _named(given).steps()
    return parse_steps(given)


def final_bake(said: Mapping[str, Any]) -> int:
    """How long the last step bakes where the strategy does not say it: not at all where nothing is watched. ``said`` is
    a definition, by the names of its variables without their prefix."""
    return int(said["final_bake_seconds"]) if said["alarms"] or said["metrics"] else 0


def lag_of(said: Mapping[str, Any]) -> int:
    """How long a bake waits for its metrics: not at all where none is judged."""
    return int(said["metrics_lag"]) if any(not each.get("dry_run") for each in said["metrics"]) else 0


def _named(name: str) -> Strategy:
    if name in TYPES:
        return TYPES[name]()
    found = NAME.fullmatch(name)
    if not found:
        raise BluegreenError(
            f"There is no strategy {name}. Known are {', '.join(TYPES)}, and names like AllAtOnce, "
            "Canary10Percent5Minutes and Linear10PercentEvery1Minute."
        )
    if not found["type"]:
        return AllAtOnce()
    interval = "bake_seconds" if found["type"] == "Canary" else "interval_seconds"
    given = {"percent": found["percent"], interval: 60 * int(found["minutes"])}
    return _typed({"type": found["type"].lower(), **given})


def _typed(given: Mapping[str, Any]) -> Strategy:
    if given.get("type") not in TYPES:
        raise BluegreenError(f"A strategy's type is one of {', '.join(TYPES)}; given: {given.get('type')}.")
    kind = TYPES[given["type"]]
    known = [field.name for field in fields(kind)]
    numbers = {key: value for key, value in given.items() if key != "type"}
    problems = [f"{given['type']} has no {key}; it has {', '.join(known)}." for key in numbers if key not in known]
    for key, value in numbers.items():
        if key == "percent" and not (is_whole(value, 99) and int(str(value))):
            problems.append(f"{key} is a whole number from 1 to 99; given: {value}.")
        if key != "percent" and key in known and not is_whole(value):
            problems.append(f"{key} is a whole number, 0 or more; given: {value}.")
    if problems:
        raise BluegreenError(" ".join(problems))
    return kind(**{key: int(str(value)) for key, value in numbers.items()})
