# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rolls a group to an image by an instance refresh, cancels one, and takes one back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..._args.base.options import given
from ..._args.refresh.roll import RefreshOptions
from ..._aws.base.errors import AwsError
from ..._aws.group import autoscaling
from ..._aws.refresh import rolling
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import tags_of
from ..._core.launch.sources import specification_of
from ..._core.refresh.history import FINISHED, Rolled
from ..._core.refresh.preferences import check_percentage
from ..._core.refresh.state import CANCELED, CANCELING, ROLLED_BACK, Refresh, under_way, updated
from ..._core.targets.members import Members
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..launch.templates import read_images
from .start import Goal, end_tags, roll_to, write_tags
from .wait import await_end, await_percentage, read_refreshes

Group = Mapping[str, Any]


def instance_refresh(options: RefreshOptions, run: Run) -> dict[str, Any]:
    """The work of module instance_refresh."""
    options.check()
    check_percentage(options.until_percentage)
    group, found = together(partial(_read_group, run, options.group), partial(read_refreshes, run, options.group))
    active = under_way(found)
    match options.state:
        case "canceled":
            return _cancel(options, run, active)
        case "rolled_back":
            return _roll_back(options, run, group, active)
        case _:
            return _present(options, run, group, active)


def _present(options: RefreshOptions, run: Run, group: Group, active: Refresh | None) -> dict[str, Any]:
    """One that is named is only waited for: when it has ended meanwhile, it is not begun again."""
    goal = Goal(
        given(options.service),
        given(options.image_id),
        options.release,
        options,
        ends=options.wait and options.until_percentage is None,
    )
    if options.id:
        seen, result = Refresh.begun(options.id, options.group, {}), _unchanged()
    elif active:
        seen, result = _resume(run, active, goal.image_id), _unchanged()
    else:
        verified = Rolled.read(tags_of(group)).has_verified(goal.image_id)
        started, result = roll_to(run, group, goal)
        if started is None:
            return result | {"verified": verified, "updated": [each.id for each in Members.read(group).serving]}
        seen = started
    if run.check_mode or not options.wait:
        return result | {"refresh": seen.as_data()}
    seen = await_percentage(run, seen, options.until_percentage, options.wait_timeout)
    group = _read_group(run, options.group)
    if not seen.active:
        _require_image(run, options.group, goal.image_id, "rolled")
    label = {} if seen.active else end_tags(goal, Rolled.read(tags_of(group)))
    write_tags(run, options.group, label)
    result |= {"changed": result["changed"] or bool(label), "refresh": seen.as_data()}
    return result | {"updated": updated(group, seen.configuration)}


def _resume(run: Run, active: Refresh, image_id: str) -> Refresh:
    """AWS refuses a second refresh, so the one that runs has to lead where it is wanted."""
    if not active.forward:
        raise BluegreenError(f"{active.message()} Wait until that is over, then run again.", refresh=active.as_data())
    image = _image_of(run, active)
    if image != image_id:
        wanted = image or dict(specification_of(active.configuration)) or "what it launches already"
        raise BluegreenError(
            f"{active.group} is being rolled to {wanted}, not to {image_id}: "
            f"{active.percentage} % done. Wait until that is over, or roll it back with state rolled_back "
            "(rollback.yml) first.",
            refresh=active.as_data(),
        )
    return active


def _image_of(run: Run, refresh: Refresh) -> str | None:
    """The image that it brings. A refresh that was started elsewhere may name none, or its template otherwise."""
    if "LaunchTemplateId" not in specification_of(refresh.configuration):
        return None
    return read_images(run, [{"AutoScalingGroupName": refresh.group, **refresh.configuration}])[refresh.group]


def _cancel(options: RefreshOptions, run: Run, active: Refresh | None) -> dict[str, Any]:
    name = options.group
    if active and active.status != CANCELING and not run.check_mode:
        active = _asked(run, active, rolling.cancel_refresh)
    if active is None:
        return _unchanged("none", f"No instance refresh of {name} is in progress.")
    return {
        "changed": True,
        "method": "cancel",
        "msg": f"The instance refresh of {name} is canceled. What it has replaced stays as it is.",
        "refresh": _ended(options, run, active, CANCELED).as_data(),
        "diff": {"before": {"refresh": "in progress"}, "after": {"refresh": "canceled"}},
    }


def _roll_back(options: RefreshOptions, run: Run, group: Group, active: Refresh | None) -> dict[str, Any]:
    """AWS rolls back what runs. What is over is rolled to the previous version as to any other."""
    rolled = Rolled.read(tags_of(group))
    previous = {"previous_image_id": rolled.previous_image, "returned": rolled.previous_image is not None}
    if active and active.status == CANCELING:
        _ended(options, run, active, CANCELED)
        active = None
    elif active and active.forward:
        if returning := _check_own(run, active, rolled):
            return previous | _join_return(options, run, returning)
        if not run.check_mode:
            active = _asked(run, active, rolling.roll_back_refresh)
    if active is None:
        return _return(options, run, _read_group(run, options.group)) | previous
    ended = _ended(options, run, active, ROLLED_BACK)
    if options.wait and not run.check_mode:
        _require_image(run, options.group, rolled.previous_image, "rolled back")
    return previous | {
        "changed": True,
        "method": "rollback",
        "msg": f"The instance refresh of {options.group} was rolled back while it ran.",
        "refresh": ended.as_data(),
        "diff": {"before": {"refresh": "in progress"}, "after": {"refresh": "rolled back"}},
    }


def _check_own(run: Run, active: Refresh, rolled: Rolled) -> Refresh | None:
    """An error for a refresh that somebody else has started; one that returns to the previous image already."""
    image = _image_of(run, active)
    if image is not None and image == rolled.previous_image:
        return active
    if image is None or image != rolled.image:
        raise BluegreenError(
            f"Instance refresh {active.id} of {active.group}, to {image or 'what the group launches already'}, was not "
            f"started by a roll of this collection ({rolled.image or 'none'} was its last), so it is not taken back. "
            "Wait until it is over, or cancel it, then run again.",
            refresh=active.as_data(),
        )
    return None


def _join_return(options: RefreshOptions, run: Run, returning: Refresh) -> dict[str, Any]:
    """A run that died has begun it."""
    if options.wait and not run.check_mode:
        returning = await_percentage(run, returning, None, options.wait_timeout)
    return {
        "changed": True,
        "method": "refresh",
        "msg": f"{returning.group} was on its way back to the previous image already.",
        "refresh": returning.as_data(),
        "diff": {"before": {"refresh": "in progress"}, "after": {"refresh": "finished"}},
    }


def _require_image(run: Run, name: str, image_id: str | None, done: str) -> None:
    """A refresh is over for AWS; what the group launches may have been changed by somebody else meanwhile."""
    launched = read_images(run, [_read_group(run, name)])[name] or "an unknown image"
    if image_id and launched != image_id:
        raise BluegreenError(
            f"AWS says that {name} is {done}, but the group launches {launched} and not {image_id}. Somebody else has "
            "changed it. Check it with status.yml, then run again."
        )


def _asked(run: Run, active: Refresh, call: Callable[[Any, str], None]) -> Refresh | None:
    """None when it has ended since it was read. AWS finds none either that is on its way back already."""
    try:
        when_free(run, partial(call, run.client("autoscaling"), active.group))
    except AwsError as error:
        if error.code != "ActiveInstanceRefreshNotFound":
            raise
        return under_way(read_refreshes(run, active.group))
    return active


def _return(options: RefreshOptions, run: Run, group: Group) -> dict[str, Any]:
    rolled, name = Rolled.read(tags_of(group)), options.group
    if rolled.previous_image is None:
        return _unchanged("none", f"{name} was never rolled to another image: there is no previous one to return to.")
    goal = Goal(
        given(options.service), rolled.previous_image, rolled.previous_release, options.to_return(), journal=False
    )
    seen, result = roll_to(run, group, goal)
    if not result["changed"]:
        return _unchanged("none", f"{name} runs its previous image, {goal.image_id}, already.")
    if seen and options.wait:
        seen = await_percentage(run, seen, None, options.wait_timeout)
        write_tags(run, name, rolled.label(goal.image_id, goal.release))
        result |= {"refresh": seen.as_data()}
    return result | {"method": "refresh", "msg": FINISHED.format(group=name, image=goal.image_id)}


def _ended(options: RefreshOptions, run: Run, active: Refresh, wanted: str) -> Refresh:
    waits = options.wait and not run.check_mode
    return await_end(run, active, wanted, options.wait_timeout) if waits else active


def _unchanged(method: str | None = None, sentence: str | None = None) -> dict[str, Any]:
    said = {"method": method, "msg": sentence} if method else {}
    return {"changed": False, "refresh": None, "diff": {"before": {}, "after": {}}, **said}


def _read_group(run: Run, name: str) -> Group:
    found = autoscaling.describe_groups(run.client("autoscaling"), names=[name])
    if not found:
        raise BluegreenError(f"There is no Auto Scaling group {name} in this account and region.")
    if "Status" in found[0]:  # only a group that is being deleted has one
        raise BluegreenError(f"{name} is being deleted, so nothing in it can be replaced.")
    return found[0]
