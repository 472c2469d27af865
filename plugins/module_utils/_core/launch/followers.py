# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that launch whatever a launch template's latest version is: a new version is theirs, too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..base.groups import is_being_deleted
from .own_template import foreign_message, template_name
from .sources import template_names, templates_of
from .templates import LATEST

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it


def followers_of(templates: Collection[str], groups: Iterable[Group], source: str) -> dict[str, list[str]]:
    """The names of the groups other than ``source`` that follow ``$Latest``, by the ID of the launch template.

    A group that is being deleted launches nothing any more.
    """
    found: dict[str, list[str]] = {}
    for group in groups:
        name = group["AutoScalingGroupName"]
        if name == source or is_being_deleted(group):
            continue
        for template_id in {ref.id for ref in templates_of(group) if ref.version == LATEST and ref.id in templates}:
            found.setdefault(template_id, []).append(name)
    return {template_id: sorted(names) for template_id, names in found.items()}


@dataclass(frozen=True)
class Followed:
    """What a release has to know of the launch templates of ``source``: who follows them, and what is there already
    under the name of the service's own, as DescribeLaunchTemplates returns it."""

    source: Group
    service: str
    followers: Mapping[str, list[str]] = field(default_factory=dict)
    own: Mapping[str, Any] | None = None

    def findings(self) -> list[str]:
        foreign = foreign_message(self.own, self.service) if self.own else ""
        return [foreign] if foreign else []

    def remarks(self) -> list[str]:
        return followed_remarks(self.source, self.followers, self.service)


def followed_remarks(source: Group, followers: Mapping[str, list[str]], service: str) -> list[str]:
    names, own = template_names(source), template_name(service)
    found = []
    for template_id, groups in followers.items():
        name, others = names[template_id], " and ".join(groups)
        follow, does = ("follows", "does") if len(groups) == 1 else ("follow", "do")
        they = f"{others} {follow} $Latest of launch template {name}"
        if name == own:
            found.append(
                f"{they}, which is {service}'s own, and will launch the new image at the next scale-out. Give "
                f"{others} another launch template, or a numbered version of this one."
            )
        else:
            found.append(
                f"{they}, which {source['AutoScalingGroupName']} launches from, too. If the new image needs a new "
                f"version, it is made in launch template {own}, so that {others} {does} not launch it."
            )
    return found
