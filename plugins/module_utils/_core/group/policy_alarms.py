# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms that set a clone's scaling policies off."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from ..base.fields import carried
from ..base.tags import GROUP, RESERVED, SERVICE
from .repointing import Repointing

Alarm = Mapping[str, Any]  # as DescribeAlarms returns it

LONGEST_NAME = 255
DIGEST = 8  # characters
ACTIONS = ("AlarmActions", "InsufficientDataActions", "OKActions")
READ_ONLY = {
    "AlarmArn",
    "AlarmConfigurationUpdatedTimestamp",
    "EvaluationState",
    "StateReason",
    "StateReasonData",
    "StateTransitionedTimestamp",
    "StateUpdatedTimestamp",
    "StateValue",
}


def alarm_request(
    alarm: Alarm,
    tags: Mapping[str, str],
    service: str,
    policy_arns: Mapping[str, str],
    accepted: Collection[str],
    repointing: Repointing,
) -> dict[str, Any]:
    """The PutMetricAlarm request; ``policy_arns`` are the clone's by the source's."""
    own = {key: value for key, value in tags.items() if not key.startswith(RESERVED)}
    own |= {SERVICE: service, GROUP: repointing.clone}
    return {
        **repointing.apply(carried(alarm, accepted)),
        **{kind: _actions(alarm, kind, policy_arns) for kind in ACTIONS if alarm.get(kind)},
        "AlarmName": alarm_name(alarm["AlarmName"], repointing.group, repointing.clone),
        "Tags": [{"Key": key, "Value": value} for key, value in own.items()],
    }


def alarm_name(name: str, group: str, clone: str) -> str:
    """Begins with the clone's name, so that its alarms are found when it is gone; a long one ends in a digest."""
    without = re.sub(rf"(?<![A-Za-z0-9]){re.escape(group)}(?![A-Za-z0-9])", "", name)
    rest = without.strip("-_.:/ ") or "alarm"
    derived = f"{clone}-{rest}"
    if len(derived) <= LONGEST_NAME:
        return derived
    digest = sha256(rest.encode()).hexdigest()[:DIGEST]
    return f"{derived[: LONGEST_NAME - DIGEST - 1]}-{digest}"


def alarm_prefix(clone: str) -> str:
    """What the names of its alarms begin with."""
    return f"{clone}-"[: LONGEST_NAME - DIGEST - 1]


def foreign_policies(alarm: Alarm, policy_arns: Collection[str]) -> list[str]:
    """Other groups' policies that the alarm sets off. Two alarms would set them off twice."""
    actions = {action for kind in ACTIONS for action in alarm.get(kind, [])}
    return sorted(action for action in actions if _is_policy(action) and action not in policy_arns)


def made_for(clone: str, service: str, alarms: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Which alarms, given by name with their tags, were made for a clone."""
    return sorted(name for name, tags in alarms.items() if tags.get(GROUP) == clone and tags.get(SERVICE) == service)


def _actions(alarm: Alarm, kind: str, policy_arns: Mapping[str, str]) -> list[str]:
    foreign = foreign_policies(alarm, policy_arns)
    return [policy_arns.get(action, action) for action in alarm[kind] if action not in foreign]


def _is_policy(action: str) -> bool:
    """``arn:aws:autoscaling:<region>:<account>:scalingPolicy:…``"""
    return ":scalingPolicy:" in action
