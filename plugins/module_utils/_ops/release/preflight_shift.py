# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether the shift of traffic is defined as it should be, and who watches it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..._core.bake.metric_data import Side, all_queries
from ..._core.bake.metrics import parse_metrics
from ..._core.release.hooks import find_hook_problems
from ..._core.release.plan import CANDIDATE
from ..._core.release.steps import find_lack_of_time
from ..._core.release.strategies import final_bake, parse_strategy, unwatched
from ..._core.service.environments import Environment, Service
from ..bake.alarms import read_alarms
from ..base.run import Run
from .release_inputs import ReleaseInputs

Options = Mapping[str, Any]

# What role swap fills in for both colors.
PLACEHOLDERS = ("target_group", "load_balancer", "color", "auto_scaling_group")


def find_loud_alarms(options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    """A release under an alarm that rings already would be returned at its first step.

    An alarm that is only about the idle environment rings for what was there before, and swap waits until it is quiet.
    One that is only about a stable environment that is down must not keep the fix away.
    """
    passed = [environment.resources for environment in _unjudged(inputs.service)]
    ringing = [alarm for alarm in read_alarms(run, options["alarms"]) if alarm.rings]
    return [str(alarm) for alarm in ringing if not any(map(alarm.only_about, passed))]


def find_stable_down(_options: Options, _run: Run, inputs: ReleaseInputs) -> list[str]:
    service = inputs.service
    if service is None or inputs.release.brings_up != CANDIDATE:
        return []
    stable = service.environments[service.stable]
    if not stable.down:
        return []
    return [
        f"{stable.color}, the stable environment of {service.name}, is down with {stable.healthy} healthy targets. Its "
        "health and the alarms that are only about it will not judge this release."
    ]


def _unjudged(service: Service | None) -> list[Environment]:
    if service is None:
        return []
    stable, candidate = service.environments[service.stable], service.environments[service.candidate]
    return [*([candidate] if service.phase != "shifting" else []), *([stable] if stable.down else [])]


def find_bad_strategy(options: Options, _run: Run, _inputs: ReleaseInputs) -> list[str]:
    steps = parse_strategy(options["strategy"], final_bake(options))
    lack = find_lack_of_time(steps, options["shift_timeout"])
    return [lack] if lack else []


def find_lack_of_watch(options: Options, _run: Run, inputs: ReleaseInputs) -> list[str]:
    """Of a release that moves traffic. A first one does not, and a roll has alarms of its own."""
    if inputs.service is None or inputs.release.brings_up != CANDIDATE:
        return []
    lack = unwatched(options["alarms"], options["metrics"])
    return [lack] if lack else []


def find_lack_of_forks(options: Options, _run: Run, _inputs: ReleaseInputs) -> list[str]:
    services, forks = options["services"], options["forks"]
    if forks is None or forks >= services:
        return []
    return [
        f"{services} services are to be released side by side, and Ansible has {forks} forks: the others wait until "
        f"one has ended. Run it with --forks {services}."
    ]


def find_bad_metrics(options: Options, _run: Run, _inputs: ReleaseInputs) -> list[str]:
    metrics, unfilled = parse_metrics(options["metrics"]), dict.fromkeys(PLACEHOLDERS, "")
    all_queries(metrics, [Side("c", "the candidate", unfilled), Side("s", "the stable color", unfilled)])
    return []


def find_bad_hooks(options: Options, _run: Run, _inputs: ReleaseInputs) -> list[str]:
    return find_hook_problems(options["hooks"], os.path.isfile)
