# SPDX-License-Identifier: GPL-3.0-or-later
"""A scaling policy that follows the requests to a target group."""

from __future__ import annotations

from typing import Any

from switchyard_lab.scene import Scene


def tracking(scene: Scene, targets: str, value: float, **more: Any) -> dict[str, Any]:
    """To this many requests for each target."""
    found = scene.elbv2.describe_target_groups(TargetGroupArns=[targets])["TargetGroups"][0]
    balancer = found["LoadBalancerArns"][0].partition(":loadbalancer/")[2]
    label = f"{balancer}/{targets.rpartition(':')[2]}"
    metric = {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": label}
    configuration = {"PredefinedMetricSpecification": metric, "TargetValue": value, **more}
    return {
        "PolicyName": "requests",
        "PolicyType": "TargetTrackingScaling",
        "EstimatedInstanceWarmup": 0,
        "TargetTrackingConfiguration": configuration,
    }
