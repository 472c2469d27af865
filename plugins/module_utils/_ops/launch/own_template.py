# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out whether a launch template is a service's alone, finds the service's own, and makes versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.launch import ec2
from ..._core.base.tags import SERVICE
from ..._core.launch.followers import Followed, followers_of
from ..._core.launch.own_template import OwnTemplate, check_template_owner, template_name
from ..._core.launch.sources import templates_of
from ..._core.launch.template_versions import description
from ..._core.launch.templates import Revision
from ..base.run import Run

Group = Mapping[str, Any]


def read_followers(run: Run, source: Group, templates: Collection[str]) -> dict[str, list[str]]:
    """The groups that follow a launch template, of all groups of the account in this region: AWS does not filter
    them by what they launch from."""
    groups = autoscaling.describe_groups(run.client("autoscaling"))
    return followers_of(templates, groups, source["AutoScalingGroupName"])


def read_followed(run: Run, source: Group, service: str) -> Followed:
    """What a release has to know before it begins."""
    templates = {ref.id for ref in templates_of(source)}
    followers = read_followers(run, source, templates) if templates else {}
    needs_own = followers or not templates
    own = ec2.find_template(run.client("ec2"), template_name(service)) if needs_own else None
    return Followed(source, service, followers, own)


def find_own(run: Run, service: str, image_id: str) -> OwnTemplate:
    client = run.client("ec2")
    template = ec2.find_template(client, template_name(service))
    if template is None:
        return OwnTemplate(service)
    check_template_owner(template, service)
    template_id = template["LaunchTemplateId"]
    return OwnTemplate(service, template_id, ec2.find_template_versions(client, template_id, image_id))


def make_revision(run: Run, revision: Revision, service: str, release: str) -> tuple[Revision, list[str]]:
    client, said = run.client("ec2"), description(service, release)
    if revision.template_id is None:
        answer = ec2.create_template(client, revision.template_name, revision.data, said, {SERVICE: service})
        template = answer["LaunchTemplate"]
        made = replace(revision, template_id=template["LaunchTemplateId"], found=template["LatestVersionNumber"])
    else:
        answer = ec2.create_template_version(client, revision.template_id, revision.over, revision.data, said)
        made = replace(revision, found=answer["LaunchTemplateVersion"]["VersionNumber"])
    remarks = [error["Message"] for error in answer.get("Warning", {}).get("Errors", [])]
    return made, [f"AWS about the new version of launch template {made.template_name}: {each}" for each in remarks]
