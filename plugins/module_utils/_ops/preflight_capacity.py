# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether there is room for a candidate's group beside the live one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .._aws import autoscaling, ec2, elbv2, quotas
from .._core.clone import Size
from .._core.quotas import (
    ON_DEMAND,
    SPOT,
    Quota,
    code_of,
    no_group_left,
    too_few_addresses,
    too_many_targets,
    vcpus_at_least,
)
from .ground import Ground
from .run import Run

Options = Mapping[str, Any]


def find_group_limit(options: Options, run: Run, _ground: Ground) -> list[str]:
    if not _is_new(options):
        return []
    return no_group_left(autoscaling.describe_account_limits(run.client("autoscaling")))


def find_lack_of_addresses(options: Options, run: Run, ground: Ground) -> list[str]:
    if not _is_new(options):
        return []
    group = ground.group()
    subnets = [subnet for subnet in group.get("VPCZoneIdentifier", "").replace(" ", "").split(",") if subnet]
    if not subnets:
        return []  # the default subnets of its zones, which AWS chooses at the launch
    found = ec2.describe_subnets(run.client("ec2"), subnets)
    return too_few_addresses(options["source"], _desired(options, group), found)


def find_lack_of_vcpus(options: Options, run: Run, ground: Ground) -> list[str]:
    """Only a group of one market and one quota: how AWS would divide others is not known beforehand."""
    if not _is_new(options):
        return []
    group, data, types = ground.group(), ground.data(), ground.types()
    codes = {code_of(each["InstanceType"], _market(data)) for each in types}
    if len(codes) != 1 or None in codes or "InstancesDistribution" in group.get("MixedInstancesPolicy", {}):
        return []
    needed = vcpus_at_least(group, _desired(options, group), types)
    running = vcpus_at_least(group, group["DesiredCapacity"], types)
    quota = quotas.describe_quota(run.client("service-quotas"), "ec2", str(codes.pop()))
    metric, now = quota.get("UsageMetric"), datetime.fromtimestamp(run.clock.now(), UTC)
    used = quotas.usage(run.client("cloudwatch"), metric, now) if metric else None
    return Quota(quota["QuotaName"], quota["Value"], used).lacks(options["source"], needed, running)


def find_target_limit(options: Options, run: Run, ground: Ground) -> list[str]:
    if not _is_new(options) or not options["routes"]:
        return []
    group = ground.group()
    limits = elbv2.describe_account_limits(run.client("elbv2"))
    return too_many_targets(options["routes"], group["DesiredCapacity"] + _desired(options, group), limits)


def _is_new(options: Options) -> bool:
    """A candidate that is there already has its room."""
    return options["source"] is not None and options["candidate"] is None


def _desired(options: Options, group: Mapping[str, Any]) -> int:
    return Size.read(group, options["headroom_percent"]).desired


def _market(data: Mapping[str, Any]) -> str:
    return (
        SPOT if data.get("InstanceMarketOptions", {}).get("MarketType") == SPOT or data.get("SpotPrice") else ON_DEMAND
    )
