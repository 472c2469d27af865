# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether target groups and Auto Scaling groups belong to each other, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from ..._aws.group import autoscaling
from ..._core.group.clone_checks import check_all_attached, check_all_served
from ..._core.release.plan import CANDIDATE
from ..._core.service.environments import Environment, Service
from ..._core.service.strangers import Owners, find_strangers, idle_finding, stable_remark
from ..._core.targets.registration import Target
from ..._core.traffic.pairs import Color
from ..base.run import Run
from .release_inputs import ReleaseInputs

Options = Mapping[str, Any]
Say = Callable[[Environment, Sequence[Target], Owners], str]


def find_several_target_groups(_options: Options, _run: Run, inputs: ReleaseInputs) -> list[str]:
    """The group that is built serves as many target groups as the one that it is built from."""
    service = inputs.service
    if service is not None and inputs.release.source is not None and inputs.release.definition is None:
        check_all_served(inputs.group(), service.environments[service.candidate].target_groups)
        check_all_attached(inputs.group(), service.environments[service.stable].target_groups)
    return []


def find_idle_strangers(_options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    return _strangers(run, inputs, attrgetter("candidate"), idle_finding)


def find_stable_strangers(_options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    return _strangers(run, inputs, attrgetter("stable"), stable_remark)


def _strangers(run: Run, inputs: ReleaseInputs, role: Callable[[Service], Color], say: Say) -> list[str]:
    """``role``: the color of the environment, of a service.

    Owners are asked for of targets that do not seem to be instances of the environment's group; there are none as a
    rule.
    """
    service = inputs.service
    if service is None or inputs.release.brings_up != CANDIDATE:
        return []
    environment = service.environments[role(service)]
    asked = [target.id for target in find_strangers(environment, {}) if target.id.startswith("i-")]
    owners = autoscaling.owners_of(run.client("autoscaling"), asked) if asked else {}
    strangers = find_strangers(environment, owners)
    return [say(environment, strangers, owners)] if strangers else []
