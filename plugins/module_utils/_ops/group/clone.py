# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the candidate's Auto Scaling group from the live one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ..._aws.bake import cloudwatch
from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import COPYING, REJECTED, RELEASE, RETAIN_UNTIL, RUN, SERVICE, tags_of
from ..._core.group.clone import Group, Size, Wanted, came_of, group_as_data, request
from ..._core.group.clone_checks import check_all_served, check_reuse, check_source, check_user_data, is_of
from ..._core.group.clone_parts import FollowUp, Parts, check_follow_up, follow_up
from ..._core.group.clone_warnings import warnings
from ..._core.group.names import check_group_name, newest, next_group_name
from ..._core.group.repointing import TargetGroup
from ..._core.launch.templates import Data, encoded, fingerprint
from ..._core.refresh.state import check_not_rolled, under_way
from ..._core.release.plan import Asked
from ..base.lost_answers import unless_done
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..base.wait import poll
from ..launch.templates import make_launch, plan_launch, read_launch_data
from ..refresh.wait import read_refreshes
from .environment_removal import announce, remove_environment
from .parts import put_parts, read_parts
from .repointing import plan_repointing, read_target_groups

READ_BACK_SECONDS = 10.0


def clone(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module autoscaling_clone."""
    works = {"present": _present, "leaving": announce, "absent": remove_environment}
    return works[options["state"]](options, run)


def _present(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    if options["headroom_percent"] < 0:
        raise BluegreenError(f"headroom_percent is {options['headroom_percent']}; it can't be below 0.")
    options = {**options, "user_data": encoded(options["user_data"])}
    if options["user_data_sha256"] not in (None, fingerprint(options["user_data"])):
        raise BluegreenError(
            "user_data is another one than was planned: it has changed since. Give it a value that stays the same "
            "during a run, then run again."
        )
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
    """The clone, if it exists: by its name, or else the newest of this color with this image and user data."""
    name, service, color, image_id = (options[key] for key in ("name", "service", "color", "image_id"))
    if name:
        others = [groups[name]] if name in groups else []
    else:
        others = [group for key, group in groups.items() if key != options["source"] and is_of(group, service, color)]
    launched: Mapping[str, Data] = read_launch_data(run, others)
    if name and others:
        check_reuse(groups[name], launched[name].get("ImageId"), service, color, image_id)
        check_user_data(groups[name], launched[name], options["user_data"])
    asked = Asked(image_id, user_data=fingerprint(options["user_data"]))
    same = [key for key, data in launched.items() if asked.launches(data)]
    return groups[newest(service, same)] if same else None


def _keep(options: Mapping[str, Any], run: Run, source: Group, group: Group) -> dict[str, Any]:
    """A clone that exists is completed if its run died, labeled, taken up by this run, and no longer due for removal or
    rejected. The rest stays."""
    name, tags = group["AutoScalingGroupName"], tags_of(group)
    outdated = {key: tags[key] for key in (RETAIN_UNTIL, COPYING, REJECTED) if key in tags}
    result: dict[str, Any] = {}
    said = []
    if COPYING in tags:
        target_groups, parts = together(
            partial(read_target_groups, run, options["target_groups"]), partial(read_parts, run, options["source"])
        )
        rest = _plan_rest(run, source, parts, target_groups, options["service"], name)
        said, result = warnings(source, parts, rest.accepted, run.clock.now()), {"copied": rest.as_data()}
        if not run.check_mode:
            run.progress(f"completing {name}")
            check_follow_up(rest)
            put_parts(run, name, rest)
    if outdated and not run.check_mode:
        when_free(run, partial(autoscaling.untag_group, run.client("autoscaling"), name, list(outdated)))
    label = _missing_label(options["release"], options["image_id"], tags)
    # Who acts on it is no change of the clone.
    owner = {} if options["run"] in (None, tags.get(RUN)) else {RUN: options["run"]}
    if (label or owner) and not run.check_mode:
        when_free(run, partial(autoscaling.tag_group, run.client("autoscaling"), name, label | owner))
    return result | {
        "changed": bool(outdated or label),
        "group": group_as_data(group, options["image_id"]) | ({"release": label[RELEASE]} if RELEASE in label else {}),
        "warnings": said,
        "diff": {"before": {**outdated, **{key: tags.get(key) for key in label}}, "after": label},
    }


def _missing_label(release: str | None, image_id: str, tags: Mapping[str, str]) -> dict[str, str]:
    """The image's id is the default, so nobody asked for it as a label."""
    return {} if release in (None, "", image_id, tags.get(RELEASE)) else {RELEASE: str(release)}


def _build(options: Mapping[str, Any], run: Run, source: Group, groups: Mapping[str, Group]) -> dict[str, Any]:
    """All reads at once, and first: whatever is wrong is known before the first write."""
    service, release = options["service"], options["release"] or options["image_id"]
    name = options["name"] or next_group_name(service, options["color"], groups)
    check_group_name(name)
    launch, target_groups, parts, refreshes = together(
        partial(plan_launch, run, source, service, options["image_id"], options["user_data"]),
        partial(read_target_groups, run, options["target_groups"]),
        partial(read_parts, run, options["source"]),
        partial(read_refreshes, run, options["source"]),
    )
    check_not_rolled(under_way(refreshes))
    arns = [each["TargetGroupArn"] for each in target_groups]
    check_all_served(source, arns)
    rest = _plan_rest(run, source, parts, target_groups, service, name)
    wanted = Wanted(name, service, options["color"], release, arns, options["run"])
    size = Size.read(source, options["headroom_percent"])
    said = [*warnings(source, parts, rest.accepted, run.clock.now()), *size.warnings(source), *launch.warnings()]
    ask = partial(request, source, parts.hooks, wanted, size, accepted=rest.accepted, complete=not rest)
    seen: Group = ask(launch=launch.fields())
    if not run.check_mode:
        run.progress(f"building {name} from {options['source']}")
        check_follow_up(rest)
        launch, remarks = make_launch(run, launch, service, release)
        seen, said = _create(run, ask(launch=launch.fields()), rest), said + remarks
    group = group_as_data(seen, options["image_id"], launch.main.template_name)
    return {
        "changed": True,
        "group": group,
        "copied": rest.as_data(),
        "warnings": said,
        "diff": {"before": {}, "after": {**group, "copied": rest.as_data()}},
    }


def _plan_rest(
    run: Run, source: Group, parts: Parts, target_groups: Sequence[TargetGroup], service: str, name: str
) -> FollowUp:
    accepted: dict[str, frozenset[str]] = autoscaling.accepted_fields(run.client("autoscaling"))
    if parts.alarms:
        accepted["alarm"] = cloudwatch.accepted_fields(run.client("cloudwatch"))
    repointing = plan_repointing(run, source, parts, target_groups, name)
    return follow_up(source, parts, service, repointing, accepted, run.clock.now())


def _create(run: Run, asked: Group, rest: FollowUp) -> Group:
    """The tag that says that the clone is not complete goes last: a run that dies before is taken up by the next."""
    client, name = run.client("autoscaling"), asked["AutoScalingGroupName"]
    read = partial(autoscaling.describe_groups, client, names=[name])

    def create() -> Group:
        when_free(run, partial(autoscaling.create_group, client, asked))
        return asked

    unless_done(create, "AlreadyExists", lambda: next((each for each in read() if came_of(each, asked)), None))
    if rest:
        put_parts(run, name, rest)
        when_free(run, partial(autoscaling.untag_group, client, name, [COPYING]))
    return next(iter(poll(read, bool, run.clock, READ_BACK_SECONDS)), asked)
