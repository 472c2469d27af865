# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The launch template versions that this collection made, and which of them nobody needs any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from .sources import templates_of
from .templates import TemplateRef, Version

LONGEST_DESCRIPTION = 255


def description(service: str, release: str) -> str:
    return f"{_mark(service)}{release}"[:LONGEST_DESCRIPTION]


def versions_in_use(template_id: str, groups: Iterable[Mapping[str, Any]]) -> set[int]:
    """Those that groups name by number, and those that their instances were launched from."""
    named = {ref for group in groups for ref in templates_of(group)}
    running = {
        TemplateRef.read(instance["LaunchTemplate"])
        for group in groups
        for instance in group.get("Instances", [])
        if "LaunchTemplate" in instance
    }
    return {int(ref.version) for ref in named | running if ref.id == template_id and ref.version.isdigit()}


def disposable(service: str, keep: int, versions: Sequence[Version], in_use: Collection[int]) -> list[int]:
    """Those that were made for the service, except the last ``keep``, unless a group uses them, or can without naming
    them.

    The default version can't be deleted, and without the latest one ``$Latest`` would mean another.
    """
    latest = max((version["VersionNumber"] for version in versions), default=0)
    made = [each for each in versions if each.get("VersionDescription", "").startswith(_mark(service))]
    old = sorted(made, key=lambda version: -version["VersionNumber"])[keep:]
    return sorted(
        version["VersionNumber"]
        for version in old
        if not version["DefaultVersion"] and version["VersionNumber"] not in {latest, *in_use}
    )


def _mark(service: str) -> str:
    return f"switchyard.bluegreen service={service} release="
