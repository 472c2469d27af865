# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedules of one account and region, and which of them are due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from zlib import crc32

import moto.scheduler.urls
from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, ScheduleGroup

from ...clock import Clock
from ...iam.call import ApiCall
from ...iam.identities import policies_of, role_of
from ...iam.policy import decide
from ...iam.questions import questions
from .errors import conflict, not_found
from .universal import Target
from .validation import check, check_name, due_at

MINUTE = 60  # seconds: "it will invoke the target API between 1:00:00 and 1:00:59" (user guide, "Schedule types")


@dataclass(frozen=True)
class Due:
    """One invocation. ``allowed``: whether the role's policies allow the call."""

    group: str
    name: str
    since: float
    target: Target
    attempts: int
    age: int
    allowed: bool
    deletes: bool


class LabScheduler(EventBridgeSchedulerBackend):
    clock: Clock

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._tokens: dict[str, tuple[Mapping[str, Any], str]] = {}
        self._invoked: set[tuple[str, str, float]] = set()

    @property
    def _url_module(self) -> ModuleType:
        return moto.scheduler.urls

    def create(self, request: Mapping[str, Any]) -> str:
        """The ARN. A request that is made again with its token is answered as before (ClientToken)."""
        token = str(request.get("ClientToken", ""))
        if token and token in self._tokens:
            before, arn = self._tokens[token]
            if before != request:
                raise conflict("The client token was used with other parameters.")
            return arn
        name, group = request["Name"], self._group(request)
        check_name("name", name)
        check(self.account_id, group.arn, request, self.clock.now())
        if name in group.schedules:
            raise conflict(f"Schedule {name} already exists.")
        arn = self._put(group, request)
        if token:
            self._tokens[token] = (request, arn)
        return arn

    def replace(self, request: Mapping[str, Any]) -> str:
        """ "EventBridge Scheduler uses all values, including empty values, specified in the request and overrides the
        existing schedule" (UpdateSchedule)."""
        group = self._group(request)
        self._found(group, request["Name"])
        check(self.account_id, group.arn, request, self.clock.now())
        return self._put(group, request)

    def remove(self, group_name: str | None, name: str) -> None:
        group = self._group({"GroupName": group_name})
        self._found(group, name)
        del group.schedules[name]

    def create_schedule_group(self, name: str, tags: list[dict[str, str]]) -> ScheduleGroup:
        check_name("name", name)
        if name in self.schedule_groups:
            raise conflict(f"Schedule group {name} already exists.")
        return super().create_schedule_group(name, tags or [])

    def due(self) -> list[Due]:
        """Each invocation once; one whose answer is lost is made again. The times themselves are of the wall clock."""
        found = []
        for group in self.schedule_groups.values():
            for schedule in group.schedules.values():
                since = due_at(_request(schedule))
                key = (group.name, schedule.name, since)
                late = self.clock.passed(since, second_of(*key))
                if schedule.state == "ENABLED" and late and key not in self._invoked:
                    self._invoked.add(key)
                    found.append(self._due(group.name, schedule, since))
        return found

    def completed(self, due: Due) -> None:
        """Also one whose call has failed: "the schedule is deleted shortly after the last unsuccessful attempt"
        (AWS Compute Blog, "Automatically delete schedules upon completion")."""
        group = self.schedule_groups.get(due.group)
        schedule = group.schedules.get(due.name) if group else None
        if group and schedule and due.deletes and due_at(_request(schedule)) == due.since:
            del group.schedules[due.name]

    def _group(self, request: Mapping[str, Any]) -> ScheduleGroup:
        name = request.get("GroupName") or "default"
        if name not in self.schedule_groups:
            raise not_found(f"Schedule group {name} does not exist.")
        return self.schedule_groups[name]

    @staticmethod
    def _found(group: ScheduleGroup, name: str) -> Schedule:
        if name not in group.schedules:
            raise not_found(f"Schedule {name} does not exist.")
        return group.schedules[name]

    def _put(self, group: ScheduleGroup, request: Mapping[str, Any]) -> str:
        before = group.schedules.get(request["Name"])
        schedule = Schedule(
            region=self.region_name,
            account_id=self.account_id,
            group_name=group.name,
            name=request["Name"],
            description=request.get("Description"),
            schedule_expression=request["ScheduleExpression"],
            schedule_expression_timezone=request.get("ScheduleExpressionTimezone"),
            flexible_time_window=request["FlexibleTimeWindow"],
            target=dict(request["Target"]),
            state=request.get("State"),
            kms_key_arn=request.get("KmsKeyArn"),
            start_date=request.get("StartDate"),
            end_date=request.get("EndDate"),
            action_after_completion=request.get("ActionAfterCompletion", "NONE"),
        )
        if before:
            schedule.creation_date = before.creation_date
        group.schedules[schedule.name] = schedule
        return str(schedule.arn)

    def _due(self, group: str, schedule: Schedule, since: float) -> Due:
        target, retries = Target.read(schedule.target), schedule.target["RetryPolicy"]
        return Due(
            group,
            schedule.name,
            since,
            target,
            retries.get("MaximumRetryAttempts", 185),
            retries.get("MaximumEventAgeInSeconds", 86400),
            self._allows(schedule.target["RoleArn"], target),
            schedule.action_after_completion == "DELETE",
        )

    def _allows(self, arn: str, target: Target) -> bool:
        role = role_of(self.account_id, arn)
        call = ApiCall(self.account_id, self.region_name, target.prefix, target.operation, target.request)
        return bool(role) and all(decide(policies_of(role), each) == "allowed" for each in questions(call))


def second_of(group: str, name: str, since: float) -> int:
    """The second of its minute in which a schedule calls: any, and always the same one. It is a delay, which the speed
    of the lab divides."""
    return crc32(f"{group}/{name}/{since}".encode()) % MINUTE


def _request(schedule: Schedule) -> dict[str, Any]:
    zone = schedule.schedule_expression_timezone
    return {"ScheduleExpression": schedule.schedule_expression, "ScheduleExpressionTimezone": zone}
