# SPDX-License-Identifier: GPL-3.0-or-later
"""The first group's definition in the words of the API."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.first import described, launch_data


def definition(template: dict[str, Any] | None = None, **asked: Any) -> dict[str, Any]:
    sizes = {"min_size": 2, "max_size": 6}
    return {"launch_template": template or {"instance_type": "t3.small"}, "autoscaling_group": sizes | asked}


def test_a_group_starts_at_its_minimum_unless_told_otherwise() -> None:
    assert described("web-blue-v001", definition(min_size="2"))["DesiredCapacity"] == 2
    assert described("web-blue-v001", definition(desired_capacity="0", min_size=0))["DesiredCapacity"] == 0


def test_subnets_types_and_markets_are_the_api_s() -> None:
    mixed = {
        "instance_types": ["t3.small"],
        "instances_distribution": {"on_demand_percentage_above_base_capacity": "0"},
    }
    group = described(
        "web-blue-v001",
        definition({"x": 1}, vpc_zone_identifier=["subnet-a", "subnet-b"], mixed_instances_policy=mixed),
    )
    assert group["VPCZoneIdentifier"] == "subnet-a,subnet-b"
    assert group["MixedInstancesPolicy"] == {
        "LaunchTemplate": {"Overrides": [{"InstanceType": "t3.small"}]},
        "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 0},
    }
    spot = {"instance_type": "t3.small", "instance_market_options": {"market_type": "spot"}}
    assert launch_data(definition(spot)) == {
        "InstanceType": "t3.small",
        "InstanceMarketOptions": {"MarketType": "spot"},
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (definition({"key_name": "x"}), "names no instance_type"),
        (definition(min_size=None), r"needs whole numbers .*min_size None"),
        (definition(max_size="many"), r"needs whole numbers .*max_size many"),
        (definition(desired_capacity=7), r"min_size 2, desired_capacity 7, max_size 6"),
        (definition({"key_name": "x"}, max_size=1), r"names no instance_type.*; it has sizes"),
    ],
)
def test_what_amazon_s_modules_would_fail_at_half_way(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        described("web-blue-v001", wrong)
