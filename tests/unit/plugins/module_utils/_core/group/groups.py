# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling groups as DescribeAutoScalingGroups returns them, and what there is next to."""

from __future__ import annotations

from typing import Any


def tag(key: str, value: str = "x", propagate: bool = True) -> dict[str, Any]:
    return {
        "Key": key,
        "Value": value,
        "PropagateAtLaunch": propagate,
        "ResourceId": "web-blue-v001",
        "ResourceType": "auto-scaling-group",
    }


def group(**fields: Any) -> dict[str, Any]:
    return {
        "AutoScalingGroupName": "web-blue-v001",
        "AutoScalingGroupARN": "arn:group",
        "AvailabilityZones": ["eu-west-1a"],
        "AvailabilityZoneIds": ["euw1-az1"],
        "MinSize": 2,
        "MaxSize": 6,
        "DesiredCapacity": 5,
        "LaunchTemplate": {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "Version": "$Default"},
        "TargetGroupARNs": ["arn:blue"],
        "TrafficSources": [{"Identifier": "arn:blue", "Type": "elbv2"}],
        "LoadBalancerNames": [],
        "PlacementGroup": "",
        "NewInstancesProtectedFromScaleIn": False,
        "Instances": [{"InstanceId": "i-1"}],
        "SuspendedProcesses": [],
        "EnabledMetrics": [],
        "CreatedTime": 0,
        "Tags": [],
        **fields,
    }


def suspending(*names: str) -> list[dict[str, str]]:
    return [{"ProcessName": name, "SuspensionReason": "User suspended"} for name in names]


ACCEPTED = {
    "group": set(group()),
    "hook": {"LifecycleHookName"},
    "policy": {"PolicyName", "PolicyType", "AutoScalingGroupName"},
    "schedule": {"ScheduledActionName", "Recurrence"},
    "notification": {"AutoScalingGroupName", "TopicARN", "NotificationTypes"},
    "warm_pool": {"AutoScalingGroupName", "MinSize", "PoolState"},
    "alarm": {"AlarmName", "AlarmActions"},
}
POLICY_ARN = "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:{}:autoScalingGroupName/{}:policyName/more"
POLICY = {"PolicyName": "more", "PolicyARN": POLICY_ARN.format(1, "web-blue-v001"), "Alarms": [{"AlarmName": "busy"}]}
