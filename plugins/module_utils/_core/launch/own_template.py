# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch template of a service's own: instead of a launch configuration, or of a template that others follow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from ..base.tags import SERVICE
from .templates import Contents, Data, Revision, Version, find_version, whole

LONGEST_NAME = 128


def template_name(service: str) -> str:
    """Named after the service; a launch template's name has only these characters (CreateLaunchTemplate)."""
    return re.sub(r"[^\w().\-/]", "-", f"bluegreen-{service}", flags=re.ASCII)[:LONGEST_NAME]


def foreign_message(template: Mapping[str, Any], service: str) -> str:
    """Why the service can't have the template of this name, which exists; empty when it is the service's."""
    tags = {tag["Key"]: tag["Value"] for tag in template.get("Tags", [])}
    owner, name = tags.get(SERVICE), template["LaunchTemplateName"]
    if owner == service:
        return ""
    if owner:
        return (
            f"{service} needs a launch template of its own, {name}, and {owner} has one with this name. Rename one of "
            "the two services."
        )
    return (
        f"{service} needs a launch template of its own, {name}, but a template with this name exists without the tag "
        f"{SERVICE}={service}. If it is the service's, tag it; if not, delete it."
    )


def check_template_owner(template: Mapping[str, Any], service: str) -> None:
    if foreign := foreign_message(template, service):
        raise BluegreenError(foreign)


@dataclass(frozen=True)
class OwnTemplate:
    """None for an ``id`` before the first version is made. ``versions`` are those with the release's image."""

    service: str
    id: str | None = None
    versions: Sequence[Version] = ()

    def revision(self, data: Data, contents: Contents) -> Revision:
        """``data`` with the release's contents, whole: a version of another template can't be made over it."""
        return Revision(
            template_id=self.id,
            template_name=template_name(self.service),
            over=None,
            data=whole(data, contents),
            found=find_version(data, contents, self.versions),
        )
