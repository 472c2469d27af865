# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, what hangs on a group: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from typing import Any

from .errors import doing

Client = Any
Item = dict[str, Any]


def describe_hooks(client: Client, group: str) -> list[Item]:
    with doing(f"reading the lifecycle hooks of {group}"):
        return list(client.describe_lifecycle_hooks(AutoScalingGroupName=group)["LifecycleHooks"])


def describe_policies(client: Client, group: str) -> list[Item]:
    with doing(f"reading the scaling policies of {group}"):
        pages = client.get_paginator("describe_policies").paginate(AutoScalingGroupName=group)
        return [policy for page in pages for policy in page["ScalingPolicies"]]


def describe_schedules(client: Client, group: str) -> list[Item]:
    with doing(f"reading the scheduled actions of {group}"):
        pages = client.get_paginator("describe_scheduled_actions").paginate(AutoScalingGroupName=group)
        return [action for page in pages for action in page["ScheduledUpdateGroupActions"]]


def describe_notifications(client: Client, group: str) -> list[Item]:
    with doing(f"reading the notifications of {group}"):
        pages = client.get_paginator("describe_notification_configurations").paginate(AutoScalingGroupNames=[group])
        return [notification for page in pages for notification in page["NotificationConfigurations"]]
