# SPDX-License-Identifier: GPL-3.0-or-later
"""What Auto Scaling sends about the instances of a group: to the targets of lifecycle hooks, and to topics.

The members are those of the examples in the user guide ("Notification message example", "Amazon SNS notification
options for Amazon EC2 Auto Scaling").
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from ..sending import send

if TYPE_CHECKING:
    from .group import LabGroup
    from .groups import GroupBackend
    from .member import LabMember

LAUNCH = "autoscaling:EC2_INSTANCE_LAUNCH"
LAUNCH_ERROR = "autoscaling:EC2_INSTANCE_LAUNCH_ERROR"
TERMINATE = "autoscaling:EC2_INSTANCE_TERMINATE"
SERVICE = "AWS Auto Scaling"


def of_actions(group: LabGroup, member: LabMember) -> None:
    """An instance waits for somebody to complete these."""
    for action in member.actions:
        if action.hook.notification_target_arn:
            message = {
                **_about(group),
                "EC2InstanceId": member.instance_id,
                "LifecycleHookName": action.hook.lifecycle_hook_name,
                "LifecycleTransition": action.hook.lifecycle_transition,
                "LifecycleActionToken": action.token,
                "NotificationMetadata": action.hook.notification_metadata,
            }
            send(action.hook.notification_target_arn, f"Auto Scaling: Lifecycle action for {group.name}", message)


def of_instance(group: LabGroup, member: LabMember, event: str) -> None:
    activity: dict[str, Any] = member.activity.described() if member.activity else {}
    told = {name: activity.get(name) for name in ("ActivityId", "Description", "Cause")}
    _publish(group, event, {**_about(group), "EC2InstanceId": member.instance_id, **told})


def of_failed_launch(group: LabGroup, reason: str) -> None:
    _publish(group, LAUNCH_ERROR, {**_about(group), "StatusCode": "Failed", "StatusMessage": reason})


def _publish(group: LabGroup, event: str, message: dict[str, Any]) -> None:
    """To the topics that are to hear of such events."""
    for (name, topic), events in cast("GroupBackend", group.autoscaling_backend).notifications.items():
        if name == group.name and event in events:
            send(topic, f"Auto Scaling: {event} for group {group.name}"[:100], {**message, "Event": event})


def _about(group: LabGroup) -> dict[str, Any]:
    return {
        "Service": SERVICE,
        "Time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        "AccountId": group.autoscaling_backend.account_id,
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": group.arn,
    }
