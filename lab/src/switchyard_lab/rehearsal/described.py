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
    "Rules": "rules",
    "AutoScalingGroups": "groups",
    "MetricAlarms": "alarms",
    "CompositeAlarms": "alarms",
}
TRUNCATED = ("NextToken", "NextMarker")


@dataclass(frozen=True)
class Described:
    """``unused``: what was saved and is not used, in sentences."""

    target_groups: Sequence[Found] = ()
    rules: Sequence[Found] = ()
    groups: Sequence[Found] = ()
    alarms: Sequence[Found] = ()
    unused: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.target_groups or self.rules or self.groups or self.alarms)

    def target_group(self, name_or_arn: str) -> Found:
        return _first(each for each in self.target_groups if name_or_arn in _names_of_target_group(each))

    def rule(self, arn: str) -> Found:
        return _first(each for each in self.rules if each.get("RuleArn") == arn)

    def alarm(self, name: str) -> Found:
        return _first(each for each in self.alarms if each.get("AlarmName") == name)

    def group_behind(self, names_or_arns: Sequence[str]) -> Found:
        """The Auto Scaling group with instances that is attached to one of these target groups; the largest one."""
        arns = {self.target_group(each).get("TargetGroupArn", each) for each in names_or_arns}
        attached = [each for each in self.groups if arns & set(each.get("TargetGroupARNs", ()))]
        return max(attached, key=lambda each: int(each.get("DesiredCapacity", 0)), default={})


def read_described(folder: Path | None) -> Described:
    """Every ``*.json`` in the folder. A file may hold the answers to any of the calls, one after the other or in a
    list."""
    if folder is None:
        return Described()
    if not folder.is_dir():
        raise NotReadyError(f"{folder} is not a folder. It holds the saved output of aws … describe-… as *.json.")
    found: dict[str, list[Found]] = {name: [] for name in KEYS.values()}
    unused = []
    for file in sorted(folder.iterdir()):
        if file.suffix == ".json":
            unused += [each for answer in _answers(file) for each in _take(answer, file, found)]
        else:
            unused.append(f"{file} is not used: its name does not end in .json.")
    if not any(found.values()):
        unused.append(f"There is nothing in {folder} that is used: everything is assumed.")
    return Described(**{name: tuple(each) for name, each in found.items()}, unused=tuple(dict.fromkeys(unused)))


def _answers(file: Path) -> list[Any]:
    try:
        left, answers = file.read_text(encoding="utf-8").strip(), []
        while left:
            answer, end = json.JSONDecoder().raw_decode(left)
            left = left[end:].strip()
            answers += answer if isinstance(answer, list) else [answer]
    except OSError as error:
        raise NotReadyError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise NotReadyError(f"{file} is not JSON: {error}. Save it with --output json.") from error
    if not answers:
        raise NotReadyError(f"{file} is empty, as after a command that failed. Save it again, or remove it.")
    return answers


def _take(answer: Any, file: Path, found: Mapping[str, list[Found]]) -> list[str]:
    """What is not used of it."""
    known = [key for key in KEYS if isinstance(answer, Mapping) and key in answer]
    if not known:
        return [f"{file} is not used: it is not the whole output of a command that returns {', '.join(KEYS)}."]
    for key in known:
        if not isinstance(answer[key], list) or not all(isinstance(each, Mapping) for each in answer[key]):
            raise NotReadyError(f"{file} is not as AWS returned it: {key} is not a list of descriptions.")
        found[KEYS[key]] += answer[key]
    unused = [key for key, value in answer.items() if key not in KEYS and isinstance(value, list)]
    sentences = [f"{file} has {', '.join(unused)} in it, which is not used."] if unused else []
    if any(answer.get(key) for key in TRUNCATED):
        sentences.append(f"{file} is only the first page. Save all of them: without --no-paginate and --max-items.")
    return sentences


def _names_of_target_group(found: Found) -> tuple[Any, Any]:
    return found.get("TargetGroupName"), found.get("TargetGroupArn")


def _first(found: Any) -> Found:
    return next(iter(found), {})
