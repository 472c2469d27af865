# SPDX-License-Identifier: GPL-3.0-or-later
"""What CreateSchedule and UpdateSchedule refuse (their API reference, and the user guide: "Schedule types")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...iam.identities import role_of
from ...iam.trust import trusts
from .errors import invalid
from .universal import Target

NAME = re.compile(r"[0-9a-zA-Z\-_.]{1,64}")
AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
PRINCIPAL = "scheduler.amazonaws.com"
# The message is that of AWS (hashicorp/terraform-provider-aws, internal/service/scheduler/schedule.go waits while it
# comes), also for a role that does not exist.
NO_TRUST = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."


def check_name(kind: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at '{kind}' failed to satisfy constraint: Member must "
            "satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$ and have length less than or equal to 64"
        )


def check(account: str, group: str, request: Mapping[str, Any], now: float) -> None:
    """Raises what AWS refuses. Of schedules the lab has one-time ones, of targets the universal ones. ``group``: the
    ARN of the schedule's group."""
    due = due_at(request)
    if due <= now:  # AWS answers so to a time that has passed (DefangLabs/pulumi-defang#425)
        raise invalid(f"Invalid Schedule Expression {request['ScheduleExpression']}. It must be in the future.")
    _check_window(request.get("FlexibleTimeWindow") or {})
    if request.get("ActionAfterCompletion", "NONE") not in ("NONE", "DELETE"):
        raise invalid("ActionAfterCompletion must be NONE or DELETE.")
    target = request.get("Target") or {}
    Target.read(target)
    _check_retries(target.get("RetryPolicy") or {})
    _check_role(account, str(target.get("RoleArn", "")), group)


def due_at(request: Mapping[str, Any]) -> float:
    """The beginning of its minute: schedules have a precision of 60 seconds, whatever second they name."""
    expression, zone = str(request.get("ScheduleExpression", "")), request.get("ScheduleExpressionTimezone") or "UTC"
    found = AT.fullmatch(expression)
    try:
        if not found:
            raise ValueError
        local = datetime.fromisoformat(found[1]).replace(tzinfo=ZoneInfo(zone), second=0)
    except ZoneInfoNotFoundError:
        raise invalid(f"The time zone {zone} is not valid.") from None
    except ValueError:
        raise invalid(f"Invalid Schedule Expression {expression}.") from None
    return local.astimezone(UTC).timestamp()


def _check_window(window: Mapping[str, Any]) -> None:
    if window.get("Mode") not in ("OFF", "FLEXIBLE"):
        raise invalid("FlexibleTimeWindow.Mode must be OFF or FLEXIBLE.")
    if (window["Mode"] == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        raise invalid("MaximumWindowInMinutes goes with Mode FLEXIBLE.")


def _check_retries(policy: Mapping[str, Any]) -> None:
    """RetryPolicy in the API reference."""
    if not 0 <= policy.get("MaximumRetryAttempts", 185) <= 185:
        raise invalid("MaximumRetryAttempts is from 0 to 185.")
    if not 60 <= policy.get("MaximumEventAgeInSeconds", 86400) <= 86400:
        raise invalid("MaximumEventAgeInSeconds is from 60 to 86400.")


def _check_role(account: str, arn: str, group: str) -> None:
    """With the keys that keep a deputy from being confused ("Confused deputy prevention" in the user guide)."""
    if not ROLE.fullmatch(arn):
        raise invalid(f"Provided RoleArn {arn} is not valid.")
    role, context = role_of(account, arn), {"aws:SourceAccount": [account], "aws:SourceArn": [group]}
    if role is None or not trusts(role, "Service", [PRINCIPAL], context):
        raise invalid(NO_TRUST)
