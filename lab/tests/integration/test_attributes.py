# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of load balancers and target groups that AWS acts on."""

from __future__ import annotations

import pytest

from switchyard_lab.scene import Scene, refusal


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"slow_start.duration_seconds": "29"}, "ValidationError"),
        (
            {"slow_start.duration_seconds": "30", "load_balancing.algorithm.type": "least_outstanding_requests"},
            "InvalidConfigurationRequest",
        ),
    ],
)
def test_slow_start_has_its_limits(scene: Scene, attributes: dict[str, str], code: str) -> None:
    group = scene.target_group()
    wanted = [{"Key": key, "Value": value} for key, value in attributes.items()]
    assert refusal(scene.elbv2.modify_target_group_attributes, TargetGroupArn=group, Attributes=wanted) == code


def test_slow_start_is_kept(scene: Scene) -> None:
    group = scene.target_group()
    wanted = [{"Key": "slow_start.duration_seconds", "Value": "30"}]
    scene.elbv2.modify_target_group_attributes(TargetGroupArn=group, Attributes=wanted)
    described = scene.elbv2.describe_target_group_attributes(TargetGroupArn=group)["Attributes"]
    assert wanted[0] in described


def test_a_protected_load_balancer_is_not_deleted(scene: Scene) -> None:
    balancer = scene.load_balancer()
    protect = {"LoadBalancerArn": balancer, "Attributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]}
    scene.elbv2.modify_load_balancer_attributes(**protect)
    assert refusal(scene.elbv2.delete_load_balancer, LoadBalancerArn=balancer) == "OperationNotPermitted"
    protect["Attributes"] = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    scene.elbv2.modify_load_balancer_attributes(**protect)
    scene.elbv2.delete_load_balancer(LoadBalancerArn=balancer)
