# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle hooks: an instance waits in Pending:Wait or Terminating:Wait until somebody completes the action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import uuid4

from moto.autoscaling.exceptions import ValidationError

from ...clock import Clock

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"
TRANSITIONS = (LAUNCHING, TERMINATING)
CONTINUE = "CONTINUE"
ABANDON = "ABANDON"
RESULTS = (CONTINUE, ABANDON)
LONGEST_TIMEOUT = 172800
CHANGEABLE = {
    "LifecycleTransition": "lifecycle_transition",
    "HeartbeatTimeout": "heartbeat_timeout",
    "DefaultResult": "default_result",
    "NotificationMetadata": "notification_metadata",
    "NotificationTargetARN": "notification_target_arn",
    "RoleARN": "role_arn",
}


@dataclass(frozen=True)
class Hook:
    """A hook as described; the attribute names are what moto's serializer derives from AWS's."""

    lifecycle_hook_name: str
    auto_scaling_group_name: str
    lifecycle_transition: str
    heartbeat_timeout: int = 3600
    default_result: str = ABANDON
    notification_metadata: str | None = None
    notification_target_arn: str | None = None
    role_arn: str | None = None

    @property
    def global_timeout(self) -> int:
        return min(100 * self.heartbeat_timeout, LONGEST_TIMEOUT)

    @classmethod
    def requested(cls, group_name: str, request: dict[str, Any]) -> Self:
        new = cls(request["LifecycleHookName"], group_name, request.get("LifecycleTransition", ""))
        return new.changed(request)

    def changed(self, request: dict[str, Any]) -> Self:
        """PutLifecycleHook changes what it names and keeps the rest."""
        hook = replace(self, **{name: request[key] for key, name in CHANGEABLE.items() if key in request})
        hook._check()
        return hook

    def _check(self) -> None:
        if self.lifecycle_transition not in TRANSITIONS:
            raise ValidationError(f"Invalid lifecycle transition {self.lifecycle_transition!r}")
        if self.default_result not in RESULTS:
            raise ValidationError("Default result must be either CONTINUE or ABANDON")
        if not 30 <= self.heartbeat_timeout <= 7200:
            raise ValidationError("Heartbeat timeout must be between 30 and 7200 seconds")


@dataclass
class LifecycleAction:
    """One hook that one instance waits for."""

    hook: Hook
    since: float
    token: str = field(default_factory=lambda: str(uuid4()))
    result: str | None = None

    def outcome(self, clock: Clock) -> str | None:
        if self.result is None and clock.passed(self.since, self.hook.heartbeat_timeout):
            return self.hook.default_result
        return self.result


def started(hooks: Iterable[Hook], transition: str, clock: Clock) -> list[LifecycleAction]:
    return [LifecycleAction(hook, clock.now()) for hook in hooks if hook.lifecycle_transition == transition]


def outcome(actions: list[LifecycleAction], clock: Clock) -> str | None:
    """ABANDON as soon as one hook says so, CONTINUE when all do, None while one waits."""
    outcomes = [action.outcome(clock) for action in actions]
    if ABANDON in outcomes:
        return ABANDON
    return None if None in outcomes else CONTINUE
