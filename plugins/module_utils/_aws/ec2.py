# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .errors import doing

Client = Any
Item = dict[str, Any]


def describe_template_versions(ec2: Client, template_id: str, versions: Collection[str]) -> list[Item]:
    """These versions (numbers, ``$Latest``, ``$Default``), with a Systems Manager parameter resolved to its image."""
    with doing(f"reading launch template {template_id}, version {', '.join(sorted(versions))}"):
        return list(
            ec2.describe_launch_template_versions(
                LaunchTemplateId=template_id, Versions=sorted(versions), ResolveAlias=True
            )["LaunchTemplateVersions"]
        )
