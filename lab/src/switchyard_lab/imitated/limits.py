# SPDX-License-Identifier: GPL-3.0-or-later
"""How many items, or characters, a member of a request has at most (its page in the API reference); moto takes any."""

from __future__ import annotations

from collections.abc import Mapping

from ..calls.request import Request

ALARM = {"AlarmName": 255}
MOST: Mapping[str, Mapping[str, Mapping[str, int]]] = {
    "autoscaling": {
        "AttachInstances": {"InstanceIds": 20},
        "BatchDeleteScheduledAction": {"ScheduledActionNames": 50},
        "BatchPutScheduledUpdateGroupAction": {"ScheduledUpdateGroupActions": 50},
        "DescribeAutoScalingInstances": {"InstanceIds": 50},
        "DescribeLaunchConfigurations": {"LaunchConfigurationNames": 50},
        "DescribePolicies": {"PolicyNames": 50},
        "DescribeScalingActivities": {"ActivityIds": 50},
        "DescribeScheduledActions": {"ScheduledActionNames": 50},
        "DetachInstances": {"InstanceIds": 20},
        "EnterStandby": {"InstanceIds": 20},
        "ExitStandby": {"InstanceIds": 20},
        "SetInstanceProtection": {"InstanceIds": 50},
    },
    "cloudwatch": {
        "DeleteAlarms": {"AlarmNames": 100},
        "DescribeAlarms": {"AlarmNames": 100},
        "GetMetricData": {"MetricDataQueries": 500},
        "PutCompositeAlarm": ALARM,
        "PutMetricAlarm": ALARM,
    },
    "ec2": {
        "DeleteLaunchTemplateVersions": {"Versions": 200},
        "DescribeInstanceTypes": {"InstanceTypes": 100},
    },
    "elbv2": {"DescribeTags": {"ResourceArns": 20}},
    "sns": {"Publish": {"MessageGroupId": 128}},
}


def too_much(request: Request) -> str | None:
    """Names the first member that has more."""
    for member, most in MOST.get(request.service, {}).get(request.operation, {}).items():
        if (given := len(request.parameters.get(member) or "")) > most:
            return f"{request.operation} takes at most {most} of {member}; given: {given}"
    return None
