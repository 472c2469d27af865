# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS returned about a service, where a person has saved it: the output of ``aws … describe-… --output json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .inventory import NotReadyError

Found = Mapping[str, Any]
KEYS = {
    "TargetGroups": "target_groups",
    "Listeners": "listeners",
    "Rules": "rules",
    "AutoScalingGroups": "groups",
    "MetricAlarms": "alarms",
    "CompositeAlarms": "alarms",
}


@dataclass(frozen=True)
class Described:
    target_groups: Sequence[Found] = ()
    listeners: Sequence[Found] = ()
    rules: Sequence[Found] = ()
    groups: Sequence[Found] = ()
    alarms: Sequence[Found] = ()

    def target_group(self, name_or_arn: str) -> Found:
        return _first(each for each in self.target_groups if name_or_arn in _names_of_target_group(each))

    def listener(self, arn: str) -> Found:
        return _first(each for each in self.listeners if each.get("ListenerArn") == arn)

    def rule(self, arn: str) -> Found:
        return _first(each for each in self.rules if each.get("RuleArn") == arn)

    def alarm(self, name: str) -> Found:
        return _first(each for each in self.alarms if each.get("AlarmName") == name)

    def group_behind(self, names_or_arns: Sequence[str]) -> Found:
        """The Auto Scaling group with instances that is attached to one of these target groups; the largest one."""
        arns = {self.target_group(each).get("TargetGroupArn") for each in names_or_arns} - {None}
        attached = [each for each in self.groups if arns & set(each.get("TargetGroupARNs", ()))]
        return max(attached, key=lambda each: int(each.get("DesiredCapacity", 0)), default={})


def read_described(folder: Path | None) -> Described:
    """Every ``*.json`` in the folder; a file may hold the answer to any of the calls, other answers are passed over."""
    if folder is None:
        return Described()
    if not folder.is_dir():
        raise NotReadyError(f"{folder} is not a folder. It holds the saved output of aws … describe-… as *.json.")
    found: dict[str, list[Found]] = {name: [] for name in KEYS.values()}
    for file in sorted(folder.glob("*.json")):
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise NotReadyError(f"{file} is not JSON: {error}.") from error
        for key, name in KEYS.items():
            if isinstance(document, Mapping):
                found[name] += document.get(key, [])
    return Described(**{name: tuple(each) for name, each in found.items()})


def _names_of_target_group(found: Found) -> tuple[Any, Any]:
    return found.get("TargetGroupName"), found.get("TargetGroupArn")


def _first(found: Any) -> Found:
    return next(iter(found), {})
