# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the candidate's Auto Scaling group from the live one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from .._aws import autoscaling, elbv2
from .._core.arns import is_arn
from .._core.clone import (
    Group,
    Parts,
    Wanted,
    check_reuse,
    check_source,
    check_target_groups,
    is_of,
    request,
    shown,
    to_suspend,
    warnings,
)
from .._core.errors import BluegreenError
from .._core.group_names import check_group_name, newest, next_group_name
from .._core.launch_templates import Revision
from .._core.tags import COPYING, RELEASE, RETAIN_UNTIL, SERVICE, tags_of
from .busy import when_free
from .group_parts import read_parts
from .group_removal import remove
from .launch_templates import make_revision, plan_revision, read_images
from .run import Run, together
from .wait import poll

READ_BACK_SECONDS = 10.0


def clone(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module autoscaling_clone."""
    return remove(options, run) if options["state"] == "absent" else _present(options, run)


def _present(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    groups = _read_groups(options, run)
    source = check_source(options["source"], groups.get(options["source"]))
    existing = _find(options, run, groups)
    return _keep(options, run, source, existing) if existing else _build(options, run, source, groups)


def _read_groups(options: Mapping[str, Any], run: Run) -> dict[str, Group]:
    """By name: the source, the one whose name is asked for, and those of the service, whose names are taken."""
    if options["name"]:
        check_group_name(options["name"])
        if options["name"] == options["source"]:
            raise BluegreenError(f"{options['name']} can't be its own clone; leave out the name to get a new one.")
    client = run.client("autoscaling")
    named = [name for name in (options["source"], options["name"]) if name]
    found = together(
        partial(autoscaling.describe_groups, client, names=named),
        partial(autoscaling.describe_groups, client, tags={SERVICE: options["service"]}),
    )
    return {group["AutoScalingGroupName"]: group for answer in found for group in answer}


def _find(options: Mapping[str, Any], run: Run, groups: Mapping[str, Group]) -> Group | None:
    """The clone, if it exists: by its name, or else the newest of this color with this image."""
    name, service, color, image_id = (options[key] for key in ("name", "service", "color", "image_id"))
    if name:
        if group := groups.get(name):
            check_reuse(group, read_images(run, [group])[name], service, color, image_id)
        return group
    others = [group for key, group in groups.items() if key != options["source"] and is_of(group, service, color)]
    same = [key for key, found in read_images(run, others).items() if found == image_id]
    return groups[newest(service, same)] if same else None


def _keep(options: Mapping[str, Any], run: Run, source: Group, group: Group) -> dict[str, Any]:
    """A clone that exists stays as it is, only that it is completed if its run died, and no longer due for removal."""
    name, tags = group["AutoScalingGroupName"], tags_of(group)
    outdated = {key: tags[key] for key in (RETAIN_UNTIL, COPYING) if key in tags}
    if outdated and not run.check_mode:
        _complete(run, name, to_suspend(source) if COPYING in tags else [], list(outdated))
    said = []
    if options["release"] and options["release"] != tags.get(RELEASE):
        said.append(f"{name} exists with this image, and keeps its release, {tags.get(RELEASE)}.")
    return {
        "changed": bool(outdated),
        "group": shown(group, options["image_id"]),
        "warnings": said,
        "diff": {"before": outdated, "after": {}},
    }


def _build(options: Mapping[str, Any], run: Run, source: Group, taken: Iterable[str]) -> dict[str, Any]:
    wanted, revision, parts = _plan(options, run, source, taken)
    client = run.client("autoscaling")
    accepted = autoscaling.accepted_fields(client)
    said = warnings(source, parts, accepted["group"]) + revision.warnings(source["AutoScalingGroupName"])
    asked = request(source, parts, wanted, accepted, revision.reference())
    seen: Group = asked
    if not run.check_mode:
        run.progress(f"building {wanted.name} from {options['source']}")
        made, remarks = make_revision(run, revision, options["source"], f"{wanted.service} {wanted.release}")
        asked = {**asked, "LaunchTemplate": made.reference()}
        when_free(run, partial(autoscaling.create_group, client, asked))
        if processes := to_suspend(source):
            _complete(run, wanted.name, processes, [COPYING])
        seen, said = _read_back(run, asked), said + remarks
    group = shown(seen, options["image_id"], revision.template_name)
    return {"changed": True, "group": group, "warnings": said, "diff": {"before": {}, "after": group}}


def _plan(options: Mapping[str, Any], run: Run, source: Group, taken: Iterable[str]) -> tuple[Wanted, Revision, Parts]:
    """All reads at once; whatever is wrong is known before the first write."""
    name = options["name"] or next_group_name(options["service"], options["color"], taken)
    check_group_name(name)
    revision, target_groups, parts = together(
        partial(plan_revision, run, source, options["image_id"]),
        partial(_read_target_groups, run, options["target_groups"]),
        partial(read_parts, run, options["source"]),
    )
    release = options["release"] or options["image_id"]
    return Wanted(name, options["service"], options["color"], release, target_groups), revision, parts


def _read_target_groups(run: Run, named: Sequence[str]) -> list[str]:
    client = run.client("elbv2")
    arns, names = list(filter(is_arn, named)), [name for name in named if not is_arn(name)]
    found = elbv2.describe_target_groups_by_arn(client, arns) if arns else []
    return check_target_groups([*found, *(elbv2.describe_target_groups(client, names) if names else [])])


def _complete(run: Run, name: str, processes: Sequence[str], outdated: Sequence[str]) -> None:
    """What CreateAutoScalingGroup can't say. The tag goes last: a run that dies before is taken up by the next."""
    client = run.client("autoscaling")
    if processes:
        when_free(run, partial(autoscaling.suspend_processes, client, name, processes))
    when_free(run, partial(autoscaling.untag_group, client, name, outdated))


def _read_back(run: Run, asked: Group) -> Group:
    read = partial(autoscaling.describe_groups, run.client("autoscaling"), names=[asked["AutoScalingGroupName"]])
    return next(iter(poll(read, bool, run.clock, READ_BACK_SECONDS)), asked)
