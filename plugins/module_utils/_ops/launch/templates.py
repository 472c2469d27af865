# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what groups launch from, and makes it again with what a release brings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from ..._aws.base.errors import AwsError
from ..._aws.group import autoscaling
from ..._aws.launch import ec2
from ..._core.base.errors import BluegreenError
from ..._core.launch.configurations import converted, not_converted
from ..._core.launch.followers import followed_remarks
from ..._core.launch.own_template import template_name
from ..._core.launch.parameters import is_parameter, running_images
from ..._core.launch.sources import LaunchPlan, check_launchable, other_images, template_of, templates_of
from ..._core.launch.templates import Contents, Data, Revision, TemplateRef, Version, pick, revise
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from .images import check_root_device, read_image
from .own_template import find_own, make_revision, read_followers

Group = Mapping[str, Any]


def read_images(run: Run, groups: Sequence[Group]) -> dict[str, str | None]:
    """Image IDs by group name."""
    return images_of(run, read_launch_data(run, groups))


def images_of(run: Run, launched: Mapping[str, Data]) -> dict[str, str | None]:
    """The image that each group launches, by the names in ``launched``, or the one that its instances run where a
    parameter decides it at each launch. None is unknown, also where AWS does not allow to look."""
    images = {name: data.get("ImageId") for name, data in launched.items()}
    moving = [name for name, image_id in images.items() if is_parameter(image_id)]
    if not moving:
        return images
    running: dict[str, str | None] = {}
    with suppress(BluegreenError):
        running = running_images(ec2.describe_instances(run.client("ec2"), moving))
    return {**images, **{name: running.get(name) for name in moving}}


def read_launch_data(run: Run, groups: Sequence[Group]) -> dict[str, Data]:
    """Launch template data by group name, of groups as DescribeAutoScalingGroups returns them.

    One call for all the groups of one template, and one for those that have launch configurations. Empty for a group
    whose version was deleted.
    """
    templates = {group["AutoScalingGroupName"]: template_of(group) for group in groups}
    configured = {group["AutoScalingGroupName"]: group.get("LaunchConfigurationName") for group in groups}
    versions, configurations = together(
        partial(_read_versions, run, [ref for ref in templates.values() if ref]),
        partial(_read_configurations, run, [name for name in configured.values() if name]),
    )
    return {
        name: versions[ref]["LaunchTemplateData"] if ref in versions else configurations.get(configured[name] or "", {})
        for name, ref in templates.items()
    }


def plan_launch(run: Run, source: Group, service: str, image_id: str, user_data: str | None) -> LaunchPlan:
    """What the source launches from, with the release's image; ``user_data`` is encoded, None keeps the source's."""
    if "LaunchConfigurationName" in source:
        return _plan_conversion(run, source, service, image_id, user_data)
    refs, client = templates_of(source), run.client("ec2")
    ids = list(dict.fromkeys(ref.id for ref in refs))
    image, versions, *found = together(
        partial(read_image, run, image_id),
        partial(_read_versions, run, refs),
        *[partial(ec2.find_template_versions, client, template_id, image_id) for template_id in ids],
    )
    check_launchable(source, [ref for ref in refs if ref not in versions])
    for version in versions.values():
        check_root_device(run, source, version["LaunchTemplateData"], image)
    contents = Contents(image_id, image.get("RootDeviceName"), user_data)
    candidates = dict(zip(ids, found, strict=True))
    revisions: dict[TemplateRef | None, Revision] = {}
    revisions |= {ref: revise(ref.id, versions[ref], contents, candidates[ref.id]) for ref in refs}
    others = other_images(source, {ref: each["LaunchTemplateData"].get("ImageId") for ref, each in versions.items()})
    plan = LaunchPlan(
        source,
        image_id,
        revisions,
        numbers={ref: version["VersionNumber"] for ref, version in versions.items()},
        remarks=others,
    )
    return _leave_to_followers(run, plan, service, contents, versions)


def _leave_to_followers(
    run: Run, plan: LaunchPlan, service: str, contents: Contents, versions: Mapping[TemplateRef, Version]
) -> LaunchPlan:
    """Templates that other groups follow are left alone: what would be a version of one is one of the service's own."""
    followers = read_followers(run, plan.source, plan.moving) if plan.moving else {}
    if not followers:
        return plan
    shared = [
        ref
        for ref, each in plan.revisions.items()
        if ref and each.found is None and ref.id in followers and each.template_name != template_name(service)
    ]
    revisions = dict(plan.revisions)
    if shared:
        own = find_own(run, service, contents.image_id)
        revisions |= {ref: own.revision(versions[ref]["LaunchTemplateData"], contents) for ref in shared}
    return replace(
        plan,
        revisions=revisions,
        remarks=[*plan.remarks, *followed_remarks(plan.source, followers, service)],
    )


def make_launch(run: Run, plan: LaunchPlan, service: str, release: str) -> tuple[LaunchPlan, list[str]]:
    """The plan with its versions, those made that were not found, and what AWS remarked about them.

    The service's own template is made with its first version; the others of the plan are versions of the same.

    A group that follows ``$Latest`` is first set to the number that this means now. Otherwise the version for the
    candidate would be the live group's too, at its next launch.
    """
    if plan.held():
        client, name = run.client("autoscaling"), plan.source["AutoScalingGroupName"]
        when_free(run, partial(autoscaling.update_group, client, name, plan.held_fields()))
    made: list[tuple[Revision, Revision]] = []
    said: list[str] = []
    own: str | None = None
    for planned in plan.revisions.values():
        if planned.found or any(planned == each for each, _done in made):
            continue
        revision = replace(planned, template_id=planned.template_id or own)
        done, remarks = make_revision(run, revision, service, release)
        own = own or (None if planned.template_id else done.template_id)
        made.append((planned, done))
        said += remarks
    revisions = {
        ref: next((done for each, done in made if each == planned), planned) for ref, planned in plan.revisions.items()
    }
    return replace(plan, revisions=revisions), said


def _read_versions(run: Run, refs: Sequence[TemplateRef]) -> dict[TemplateRef, Version]:
    """Without those that do not exist."""
    asked: dict[str, set[str]] = {}
    for ref in refs:
        asked.setdefault(ref.id, set()).add(ref.version)
    if not asked:
        return {}
    reads = [partial(find_versions, run, *template) for template in asked.items()]
    found = dict(zip(asked, together(*reads), strict=True))
    picked = {ref: pick(found[ref.id], ref.version) for ref in refs}
    return {ref: version for ref, version in picked.items() if version}


def find_versions(run: Run, template_id: str, versions: Collection[str]) -> list[Version]:
    """Those that exist. When one does not, AWS returns none of the others, so each is asked for by itself then."""
    try:
        return list(ec2.describe_template_versions(run.client("ec2"), template_id, versions))
    except AwsError as error:
        if error.code not in (ec2.TEMPLATE_GONE, ec2.VERSION_GONE):
            raise
    if len(versions) == 1:
        return []
    found = together(*[partial(find_versions, run, template_id, [each]) for each in versions])
    return [version for its in found for version in its]


def _read_configurations(run: Run, names: Sequence[str]) -> dict[str, Data]:
    """Launch configurations by name. Image and user data are called the same as in launch template data."""
    if not names:
        return {}
    found = autoscaling.describe_launch_configurations(run.client("autoscaling"), names)
    return {each["LaunchConfigurationName"]: each for each in found}


def _plan_conversion(run: Run, source: Group, service: str, image_id: str, user_data: str | None) -> LaunchPlan:
    """From a launch configuration to the service's own launch template, which the next clone finds again."""
    name = source["LaunchConfigurationName"]
    image, (configuration,), own = together(
        partial(read_image, run, image_id),
        partial(autoscaling.describe_launch_configurations, run.client("autoscaling"), [name]),
        partial(find_own, run, service, image_id),
    )
    check_root_device(run, source, configuration, image)
    revision = own.revision(converted(configuration), Contents(image_id, image.get("RootDeviceName"), user_data))
    remarks = [
        f"{source['AutoScalingGroupName']} launches from launch configuration {name}; the new image is launched from "
        f"launch template {revision.template_name}."
    ]
    if left := not_converted(configuration):
        remarks.append(f"Launch configuration {name} has what a launch template does not: {', '.join(left)}.")
    return LaunchPlan(source, image_id, {None: revision}, remarks=remarks)
