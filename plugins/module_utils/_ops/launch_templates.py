# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads launch template versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from .._aws import ec2
from .._core.launch_templates import pick, template_of
from .run import Run, together


def read_images(run: Run, groups: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """Image ids by group name, of groups as DescribeAutoScalingGroups returns them: what each would launch now.

    One call for all the groups of one template. A group without a launch template has None.
    """
    templates = {group["AutoScalingGroupName"]: template_of(group) for group in groups}
    asked: dict[str, set[str]] = {}
    for ref in filter(None, templates.values()):
        asked.setdefault(ref.id, set()).add(ref.version)
    if not asked:
        return dict.fromkeys(templates)
    client = run.client("ec2")
    reads = [partial(ec2.describe_template_versions, client, *template) for template in asked.items()]
    found = dict(zip(asked, together(*reads), strict=True))
    return {
        name: pick(found[ref.id], ref.version)["LaunchTemplateData"].get("ImageId") if ref else None
        for name, ref in templates.items()
    }
