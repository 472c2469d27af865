# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, what hangs on a group: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.base.errors import BluegreenError
from ..base.batches import batches
from ..base.errors import doing

Client = Any
Item = dict[str, Any]
Request = Mapping[str, Any]

SCHEDULES_PER_CALL = 50  # BatchPutScheduledUpdateGroupAction in the API reference
INSTANCES_PER_CALL = 50  # SetInstanceProtection in the API reference


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


# Each of these can be made again: what is there already is overwritten with the same.


def suspend_processes(client: Client, group: str, processes: Sequence[str]) -> None:
    with doing(f"suspending {', '.join(processes)} on {group}"):
        client.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=list(processes))


def resume_processes(client: Client, group: str, processes: Sequence[str]) -> None:
    with doing(f"resuming {', '.join(processes)} on {group}"):
        client.resume_processes(AutoScalingGroupName=group, ScalingProcesses=list(processes))


def enable_metrics(client: Client, group: str, request: Request) -> None:
    with doing(f"enabling the metrics of {group}"):
        client.enable_metrics_collection(AutoScalingGroupName=group, **request)


def put_notification(client: Client, group: str, request: Request) -> None:
    with doing(f"setting the notifications of {group} to {request['TopicARN']}"):
        client.put_notification_configuration(AutoScalingGroupName=group, **request)


def put_warm_pool(client: Client, group: str, request: Request) -> None:
    with doing(f"giving {group} a warm pool"):
        client.put_warm_pool(AutoScalingGroupName=group, **request)


def delete_warm_pool(client: Client, group: str) -> None:
    """With its instances."""
    with doing(f"deleting the warm pool of {group}"):
        client.delete_warm_pool(AutoScalingGroupName=group, ForceDelete=True)


def put_policy(client: Client, request: Request) -> str:
    """The policy's ARN."""
    with doing(f"giving {request['AutoScalingGroupName']} scaling policy {request['PolicyName']}"):
        return str(client.put_scaling_policy(**request)["PolicyARN"])


def put_schedules(client: Client, group: str, requests: Sequence[Request]) -> None:
    """AWS answers those that it refuses next to those that it takes."""
    with doing(f"giving {group} its scheduled actions"):
        answers = [
            client.batch_put_scheduled_update_group_action(
                AutoScalingGroupName=group, ScheduledUpdateGroupActions=batch
            )
            for batch in batches(requests, SCHEDULES_PER_CALL)
        ]
    if failed := [each for answer in answers for each in answer.get("FailedScheduledUpdateGroupActions", [])]:
        said = "; ".join(
            f"{each['ScheduledActionName']}: {each.get('ErrorMessage', each['ErrorCode'])}" for each in failed
        )
        raise BluegreenError(f"AWS refused scheduled actions of {group}: {said}.")


def protect_instances(client: Client, group: str, instances: Sequence[str], *, protected: bool) -> None:
    """Whether a scale-in passes them over."""
    with doing(f"changing the scale-in protection of instances of {group}"):
        for batch in batches(instances, INSTANCES_PER_CALL):
            client.set_instance_protection(
                AutoScalingGroupName=group, InstanceIds=batch, ProtectedFromScaleIn=protected
            )


def terminate_instance(client: Client, instance: str) -> None:
    """Under its group's termination hooks."""
    with doing(f"ending instance {instance}"):
        client.terminate_instance_in_auto_scaling_group(InstanceId=instance, ShouldDecrementDesiredCapacity=False)
