# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones: where stable serves, a candidate that cross-zone load balancing does not help must have a healthy target."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.cross_zone import stays_in_zone
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.requirements import Requirement

from ..targets.targets import target

GREEN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-green/0"
CROSS_ZONE = "load_balancing.cross_zone.enabled"


def group(name: str, instances: str) -> dict[str, Any]:
    """``i1:a i2:b`` are instances in service in zones a and b; ``i3:c:Pending`` is not in service."""
    return {
        "AutoScalingGroupName": name,
        "DesiredCapacity": 1,
        "HealthCheckType": "ELB",
        "CreatedTime": datetime(2026, 1, 6, tzinfo=UTC),
        "TargetGroupARNs": [GREEN],
        "Instances": [
            {
                "InstanceId": each.split(":")[0],
                "AvailabilityZone": each.split(":")[1],
                "LifecycleState": (each.split(":")[2:] or ["InService"])[0],
                "HealthStatus": "Healthy",
            }
            for each in instances.split()
        ],
    }


def test_an_instance_with_two_ports_counts_once_and_only_if_both_are_healthy() -> None:
    green, needed = group("web-green-v002", "c1:a c2:a"), Requirement(GREEN, 2, "web-green-v002")
    both = [target("c1"), target("c1", port=80)]
    assert "web-green has 1 healthy targets" in str(needed.finding([*both, target("c2", "unhealthy")], green))
    assert needed.finding([*both, target("c2")], green) is None
    assert needed.finding([target("c1"), target("c1", "unhealthy", port=80), target("c2")], green)


@pytest.mark.parametrize(
    ("stable", "candidate", "unhealthy", "lacking"),
    [
        ("s1:a s2:b", "c1:a c2:b", "", ""),
        ("s1:a", "c1:a c2:b", "", ""),
        ("s1:a s2:b s3:c", "c1:a c2:a c3:b", "", "c"),
        ("s1:a s2:b", "c1:b c2:c", "", "a"),
        ("s1:a s2:b", "c1:a c2:b", "c2", "b"),
        ("s1:a s2:b:Pending", "c1:a", "", ""),
    ],
)
def test_a_weight_rises_where_each_zone_of_stable_has_a_healthy_target(
    stable: str, candidate: str, unhealthy: str, lacking: str
) -> None:
    live, green = group("web-blue-v001", stable), group("web-green-v002", candidate)
    ids = [each["InstanceId"] for each in green["Instances"]]
    targets = [target(each, "unhealthy" if each == unhealthy else "healthy") for each in ids]
    zonal = Requirement(GREEN, 1, "web-green-v002", zones_of="web-blue-v001")
    finding = zonal.finding(targets, green, other=live)
    said = f"web-green has no healthy target of web-green-v002 in {lacking}, where web-blue-v001 serves"
    assert (finding or "").startswith(said) if lacking else finding is None
    assert Requirement(GREEN, 1, "web-green-v002").finding(targets, green) is None
    assert zonal.finding(targets, green) is None, "stable's group is gone"


@pytest.mark.parametrize(
    ("target_group", "balancer", "stays"),
    [
        ({CROSS_ZONE: "use_load_balancer_configuration"}, {CROSS_ZONE: "false"}, True),
        ({CROSS_ZONE: "use_load_balancer_configuration"}, {CROSS_ZONE: "true"}, False),
        ({CROSS_ZONE: "use_load_balancer_configuration"}, {}, False),
        ({CROSS_ZONE: "true"}, {CROSS_ZONE: "false"}, False),
        ({CROSS_ZONE: "false"}, {CROSS_ZONE: "true"}, True),
        ({CROSS_ZONE: "false"}, {}, True),
    ],
)
def test_whose_cross_zone_load_balancing_counts(
    target_group: dict[str, str], balancer: dict[str, str], stays: bool
) -> None:
    assert stays_in_zone(target_group, balancer) is stays
