# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads launch template versions, and makes those that differ in the image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from .._aws import autoscaling, ec2
from .._core.launch_templates import Image, Revision, TemplateRef, find_revision, pick, template_of
from .busy import when_free
from .images import read_image
from .run import Run, together

LONGEST_DESCRIPTION = 255


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


def plan_revision(run: Run, group: Mapping[str, Any], image_id: str) -> Revision:
    """The version that a group launches from, whatever it calls it, with another image."""
    template = TemplateRef.read(group["LaunchTemplate"])
    client = run.client("ec2")
    described, asked, candidates = together(
        partial(read_image, run, image_id),
        partial(ec2.describe_template_versions, client, template.id, [template.version]),
        partial(ec2.find_template_versions, client, template.id, image_id),
    )
    source = pick(asked, template.version)
    image = Image(image_id, described.get("RootDeviceName"))
    return Revision(template, source["LaunchTemplateName"], source, image, find_revision(source, image, candidates))


def make_revision(run: Run, revision: Revision, group: str, description: str) -> tuple[Revision, list[str]]:
    """The revision with its version, made unless it was found, and what AWS remarked about it.

    A group that follows ``$Latest`` is first set to the number that this means now. Otherwise the version for the
    candidate would be the live group's too, at its next launch.
    """
    if revision.found:
        return revision, []
    template, number = revision.template, revision.source["VersionNumber"]
    if revision.moves_latest:
        client = run.client("autoscaling")
        when_free(run, partial(autoscaling.set_template_version, client, group, template.id, number))
    answer = ec2.create_template_version(
        run.client("ec2"), template.id, number, revision.data(), description[:LONGEST_DESCRIPTION]
    )
    remarks = [error["Message"] for error in answer.get("Warning", {}).get("Errors", [])]
    said = [f"AWS about the new version of launch template {revision.template_name}: {remark}" for remark in remarks]
    return replace(revision, found=answer["LaunchTemplateVersion"]), said
