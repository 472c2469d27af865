# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate's launch template would change of what the live instances prove to work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.errors import BluegreenError
from .sources import template_of
from .templates import Data, Version, pick

RELEASED = {"ImageId"}  # what a release is about
SECRET = {"UserData"}  # may hold what nobody should read in a log


def live_versions(group: Mapping[str, Any]) -> set[str]:
    """Versions that the group's instances were launched from, other than the one that it names."""
    if (ref := template_of(group)) is None:
        return set()
    launched = [each.get("LaunchTemplate", {}) for each in group["Instances"]]
    return {each["Version"] for each in launched if each.get("LaunchTemplateId") == ref.id} - {ref.version}


def changes(group: Mapping[str, Any], versions: Sequence[Version]) -> list[dict[str, Any]]:
    """What live instances have (``before``) and a candidate would have (``after``), by field; None for nothing.

    ``versions`` are those of :func:`live_versions` and the one that the group names, as far as they exist.
    """
    ref = template_of(group)
    next_one = pick(versions, ref.version) if ref else None
    if ref is None or next_one is None:
        return []
    numbers = sorted(live_versions(group) - {str(next_one["VersionNumber"])}, key=int)
    before = {number: version for number in numbers if (version := pick(versions, number))}
    if gone := [number for number in numbers if number not in before]:
        raise BluegreenError(
            f"Whether instances of {group['AutoScalingGroupName']} differ from what it launches now: they were "
            f"launched from version {' and '.join(gone)} of its launch template, which was deleted."
        )
    return [
        change
        for number, version in before.items()
        for change in _between(number, version["LaunchTemplateData"], next_one["LaunchTemplateData"])
    ]


def change_message(group: str, change: Mapping[str, Any]) -> str:
    """``group`` is the live one."""
    if "candidate" in change:
        return (
            f"{change['field']} of {change['candidate']} is {_said(change['after'])}, that of {group} "
            f"{_said(change['before'])}. Remove {change['candidate']} to have it built again."
        )
    values = "" if change["field"] in SECRET else f": {_said(change['before'])}, then {_said(change['after'])}"
    return (
        f"{change['field']} would differ from that of instances of {group} that were launched from version "
        f"{change['version']} of its launch template{values}."
    )


def _between(number: str, before: Data, after: Data) -> list[dict[str, Any]]:
    fields = sorted((set(before) | set(after)) - RELEASED)
    return [
        {"field": name, "version": int(number), **_values(name, before.get(name), after.get(name))}
        for name in fields
        if before.get(name) != after.get(name)
    ]


def _values(name: str, before: Any, after: Any) -> dict[str, Any]:
    return {} if name in SECRET else {"before": before, "after": after}


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)
