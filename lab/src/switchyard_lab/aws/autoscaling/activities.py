# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling activities: what a group did, why, and how it went."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from .group import LabGroup

DIFFERENCE = "an instance was {} in response to a difference between desired and actual capacity"
LAUNCHED = DIFFERENCE.format("started")
ATTACHED = "an instance was attached in response to a user request"
SCALED_IN = DIFFERENCE.format("taken out of service")
UNHEALTHY_ELB = "an instance was taken out of service in response to an ELB system health check failure"
UNHEALTHY_EC2 = (
    "an instance was taken out of service in response to an EC2 health check "
    "indicating it has been terminated or stopped"
)
UNHEALTHY_USER = "an instance was taken out of service in response to a user health-check"
TOO_OLD = "an instance was taken out of service in response to its maximum instance lifetime"
REQUESTED = "an instance was taken out of service in response to a user request"
REFRESHED = "an instance was taken out of service in response to an instance refresh"
ABANDONED = "an instance was taken out of service in response to an abandoned lifecycle action"


@dataclass
class Activity:
    group_name: str
    group_arn: str
    description: str
    cause: str
    status: str = "InProgress"
    message: str | None = None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    id: str = field(default_factory=lambda: str(uuid4()))
    details: dict[str, str] = field(default_factory=dict)

    def end(self, status: str = "Successful", message: str | None = None) -> None:
        self.status, self.message, self.ended = status, message, datetime.now(UTC)

    def described(self) -> dict[str, Any]:
        return {
            "ActivityId": self.id,
            "AutoScalingGroupName": self.group_name,
            "AutoScalingGroupARN": self.group_arn,
            "Description": self.description,
            "Cause": f"At {self.started:%Y-%m-%dT%H:%M:%SZ} {self.cause}.",
            "StartTime": self.started,
            "EndTime": self.ended,
            "StatusCode": self.status,
            "StatusMessage": self.message,
            "Progress": 100 if self.ended else 50,
            "Details": json.dumps(self.details),
        }


class ActivityLog:
    """Every activity, newest first, as AWS lists them."""

    def __init__(self) -> None:
        self._activities: list[Activity] = []

    def launch(self, group: LabGroup, instance_id: str, where: str = "", subnet: str | None = None) -> Activity:
        """`where`: " into warm pool", " from warm pool", or nothing."""
        activity = self._add(group, f"Launching a new EC2 instance{where}: {instance_id}", LAUNCHED)
        activity.details = _details(group, subnet)
        return activity

    def failed_launch(self, group: LabGroup, reason: str, where: str = "", subnet: str | None = None) -> None:
        reason = f"{reason} Launching EC2 instance failed."
        activity = self._add(group, f"Launching a new EC2 instance{where}.  Status Reason: {reason}", LAUNCHED)
        activity.details = _details(group, subnet)
        activity.end("Failed", reason)

    def given_back(self, group: LabGroup, instance_id: str) -> Activity:
        """The lab's own words."""
        return self._add(group, f"Returning EC2 instance to warm pool: {instance_id}", SCALED_IN)

    def attachment(self, group: LabGroup, instance_id: str) -> Activity:
        return self._add(group, f"Attaching an existing EC2 instance: {instance_id}", ATTACHED)

    def termination(self, group: LabGroup, instance_id: str, cause: str) -> Activity:
        return self._add(group, f"Terminating EC2 instance: {instance_id}", cause)

    def request(self, group: LabGroup, description: str) -> Activity:
        activity = self._add(group, description, "an instance was moved in response to a user request")
        activity.end()
        return activity

    def about(self, group_name: str | None, ids: list[str]) -> list[Activity]:
        return [
            activity
            for activity in self._activities
            if group_name in (None, activity.group_name) and (not ids or activity.id in ids)
        ]

    def _add(self, group: LabGroup, description: str, cause: str) -> Activity:
        activity = Activity(group.name, group.arn, description, cause)
        self._activities.insert(0, activity)
        return activity


def _details(group: LabGroup, subnet: str | None) -> dict[str, str]:
    """Of a launch, as the examples of describe-scaling-activities in the AWS CLI reference have them."""
    if subnet is None:
        return {}
    return {"Subnet ID": subnet, "Availability Zone": str(group.ec2_backend.get_subnet(subnet).availability_zone)}
