# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether there is room for a candidate's group beside the live one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.launch import ec2
from ..._aws.release import quotas
from ..._aws.traffic import elbv2
from ..._core.group.clone import Size
from ..._core.release.quotas import (
    Quota,
    markets_of,
    no_group_left,
    quota_of,
    too_few_addresses,
    too_many_targets,
    vcpus_at_least,
)
from ..._core.traffic.kinds import parse_routes
from ..base.run import Run
from .release_inputs import ReleaseInputs

Options = Mapping[str, Any]


def find_group_limit(_options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    if not inputs.release.builds:
        return []
    return no_group_left(autoscaling.describe_account_limits(run.client("autoscaling")))


def find_lack_of_addresses(options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    if not inputs.release.builds:
        return []
    group = inputs.group()
    subnets = [subnet for subnet in group.get("VPCZoneIdentifier", "").replace(" ", "").split(",") if subnet]
    if not subnets:
        return []  # the default subnets of its zones, which AWS chooses at the launch
    found = ec2.describe_subnets(run.client("ec2"), subnets)
    return too_few_addresses(inputs.release.sized, _desired(options, inputs), found)


def find_lack_of_vcpus(options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    if not inputs.release.builds:
        return []
    group, desired, sized = inputs.group(), _desired(options, inputs), inputs.release.sized
    types = inputs.types()
    markets = markets_of(group, inputs.data(), desired)
    code = quota_of(sized, [each["InstanceType"] for each in types], markets)
    needed = vcpus_at_least(group, desired, types)
    running = vcpus_at_least(group, inputs.running(), types)
    quota = quotas.describe_quota(run.client("service-quotas"), "ec2", code)
    metric, now = quota.get("UsageMetric"), datetime.fromtimestamp(run.clock.now(), UTC)
    used = quotas.usage(run.client("cloudwatch"), metric, now) if metric else None
    return Quota(quota["QuotaName"], quota["Value"], used).lacks(sized, needed, running)


def find_target_limit(options: Options, run: Run, inputs: ReleaseInputs) -> list[str]:
    if not inputs.release.builds or not options["routes"]:
        return []
    targets = inputs.running() + _desired(options, inputs)
    limits = elbv2.describe_account_limits(run.client("elbv2"))
    balanced = [route.title for route in parse_routes(options["routes"]) if not route.in_front]
    return too_many_targets(balanced, targets, limits)


def _desired(options: Options, inputs: ReleaseInputs) -> int:
    """Headroom is over what is live."""
    headroom = 0 if inputs.release.definition else options["headroom_percent"]
    return Size.read(inputs.group(), headroom).desired
