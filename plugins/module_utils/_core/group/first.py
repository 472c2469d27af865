# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first group of a service in the words of the API, from a definition with the options of amazon.aws's modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.errors import BluegreenError
from ..base.numbers import is_whole

Definition = Mapping[str, Any]  # launch_template and autoscaling_group

MARKETS = {
    "on_demand_base_capacity": "OnDemandBaseCapacity",
    "on_demand_percentage_above_base_capacity": "OnDemandPercentageAboveBaseCapacity",
}


def described(name: str, definition: Definition) -> dict[str, Any]:
    """As DescribeAutoScalingGroups will return it."""
    if problems := _problems(definition):
        raise BluegreenError(f"The definition of the first group {'; it '.join(problems)}.")
    asked = definition["autoscaling_group"]
    mixed = asked.get("mixed_instances_policy")
    return {
        "AutoScalingGroupName": name,
        "MinSize": int(asked["min_size"]),
        "MaxSize": int(asked["max_size"]),
        "DesiredCapacity": int(_desired(asked)),
        "VPCZoneIdentifier": ",".join(asked.get("vpc_zone_identifier") or []),
        "Instances": [],
        **({"MixedInstancesPolicy": _policy(mixed)} if mixed else {}),
    }


def launch_data(definition: Definition) -> dict[str, Any]:
    """As DescribeLaunchTemplateVersions will return it."""
    template = definition["launch_template"]
    market = (template.get("instance_market_options") or {}).get("market_type")
    return {"InstanceType": template.get("instance_type"), "InstanceMarketOptions": {"MarketType": market}}


def _problems(definition: Definition) -> list[str]:
    """What AWS would refuse when the launch template is made already."""
    asked = definition["autoscaling_group"]
    found = []
    if not (definition["launch_template"].get("instance_type") or _types(asked)):
        found.append("names no instance_type in launch_template")
    sizes = {"min_size": asked.get("min_size"), "desired_capacity": _desired(asked), "max_size": asked.get("max_size")}
    given = ", ".join(f"{name} {size}" for name, size in sizes.items())
    if not all(map(is_whole, sizes.values())):
        found.append(f"needs whole numbers in autoscaling_group (given: {given})")
    elif sorted(map(int, sizes.values())) != list(map(int, sizes.values())):
        found.append(f"has sizes in autoscaling_group of which each must be as large as the one before ({given})")
    return found


def _policy(mixed: Mapping[str, Any]) -> dict[str, Any]:
    distribution = mixed.get("instances_distribution") or {}
    return {
        "LaunchTemplate": {"Overrides": [{"InstanceType": each} for each in mixed.get("instance_types") or []]},
        "InstancesDistribution": {
            name: int(distribution[option]) for option, name in MARKETS.items() if distribution.get(option) is not None
        },
    }


def _desired(asked: Mapping[str, Any]) -> Any:
    """The module makes a group without it at its minimum."""
    given = asked.get("desired_capacity")
    return asked.get("min_size") if given is None else given


def _types(asked: Mapping[str, Any]) -> Sequence[str]:
    return (asked.get("mixed_instances_policy") or {}).get("instance_types") or []
