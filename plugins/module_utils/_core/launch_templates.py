# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch template versions: which one a group launches from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LATEST, DEFAULT = "$Latest", "$Default"

Version = Mapping[str, Any]  # as DescribeLaunchTemplateVersions returns it


@dataclass(frozen=True)
class TemplateRef:
    """What a group says it launches from. ``version`` is a number, or ``$Latest`` or ``$Default``."""

    id: str
    version: str


def template_of(group: Mapping[str, Any]) -> TemplateRef | None:
    """A group's launch template, also that of a mixed instances policy; None with a launch configuration."""
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("LaunchTemplateSpecification")
    template = group.get("LaunchTemplate") or mixed
    # AWS takes the default version when a group names none (LaunchTemplateSpecification in the API reference).
    return TemplateRef(template["LaunchTemplateId"], template.get("Version") or DEFAULT) if template else None


def pick(versions: Sequence[Version], wanted: str) -> Version:
    """The version that ``wanted`` means, among those that AWS answered when it was asked for that one (and others).

    An answer does not say which of its versions was meant by ``$Latest``: no other can have a higher number.
    """
    if wanted == LATEST:
        return max(versions, key=lambda version: version["VersionNumber"])
    if wanted == DEFAULT:
        return next(version for version in versions if version["DefaultVersion"])
    return next(version for version in versions if version["VersionNumber"] == int(wanted))
