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
from ..._aws.refresh import rolling
from ..._core.base.tags import tags_of
from ..._core.refresh.history import FINISHED, Rolled
from ..._core.refresh.preferences import check_percentage
from ..._core.refresh.state import CANCELED, CANCELING, ROLLED_BACK, Refresh, under_way, updated
from ..._core.targets.members import Members
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..lease.beside import Beside
from .others import check_own, check_same, read_group, require_image
from .start import Begin, Goal, end_tags, roll_to, write_tags
from .wait import await_end, await_percentage, read_refreshes

Group = Mapping[str, Any]


def instance_refresh(options: RefreshOptions, run: Run) -> dict[str, Any]:
    """The work of module instance_refresh."""
    options.check()
    check_percentage(options.until_percentage)
    group, found = together(partial(read_group, run, options.group), partial(read_refreshes, run, options.group))
    active = under_way(found)
    match options.state:
        case "canceled":
            return _cancel(options, run, active)
        case "rolled_back":
            return _take_back(options, run, group, active)
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
    rolled = Rolled.read(tags_of(group))
    unchanged = {**_unchanged(), "release": rolled.called(goal.image_id, goal.release)}
    if options.id:
        seen, result = Refresh.begun(options.id, options.group, {}), unchanged
    elif active:
        check_same(run, group, active, goal.service, goal.image_id)
        seen, result = active, unchanged
    else:
        verified = rolled.has_verified(goal.image_id)
        started, result = roll_to(run, group, goal)
        if started is None:
            return result | {"verified": verified, "updated": [each.id for each in Members.read(group).serving]}
        seen = started
    if run.check_mode or not options.wait:
        return result | {"refresh": seen.as_data()}
    seen = await_percentage(run, seen, options.until_percentage, options.wait_timeout)
    group = read_group(run, options.group)
    if not seen.active:
        require_image(run, seen, goal.image_id, "rolled")
    label = {} if seen.active else end_tags(goal, Rolled.read(tags_of(group)))
    write_tags(run, options.group, label)
    result |= {"changed": result["changed"] or bool(label), "refresh": seen.as_data()}
    return result | {"updated": updated(group, seen.configuration)}


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


def _take_back(options: RefreshOptions, run: Run, group: Group, active: Refresh | None) -> dict[str, Any]:
    """Under a lease, if ``doing`` says what for. A run that only waits for what another one has begun takes none."""
    beside = Beside(run, options, given(options.service), options.target_groups, options.hook_timeout)
    left = Rolled.read(tags_of(group)).left
    with beside.in_facts():
        done = _roll_back(options, run, group, active, beside.begin)
    is_back = done["changed"] and options.wait and not run.check_mode
    more = {"left": left.as_data() if left else None, "returned_at": run.clock.now() if is_back else None}
    return beside.end({**done, **more})


def _roll_back(options: RefreshOptions, run: Run, group: Group, active: Refresh | None, begin: Begin) -> dict[str, Any]:
    """AWS rolls back what runs. What is over is rolled to the previous version as to any other."""
    rolled = Rolled.read(tags_of(group))
    previous = {"previous_image_id": rolled.previous_image, "returned": rolled.previous_image is not None}
    if active and active.status == CANCELING:
        _ended(options, run, active, CANCELED)
        active = None
    elif active and active.forward:
        if returning := check_own(run, group, active, given(options.service)):
            return previous | _join_return(options, run, returning, rolled, begin)
        if not run.check_mode:
            begin()
            active = _asked(run, active, rolling.roll_back_refresh)
    if active is None:
        return _return(options, run, read_group(run, options.group), begin) | previous
    ended = _ended(options, run, active, ROLLED_BACK)
    if options.wait and not run.check_mode:
        require_image(run, ended, rolled.previous_image, "rolled back")
    return previous | {
        "changed": True,
        "method": "rollback",
        "msg": f"The instance refresh of {options.group} was rolled back while it ran.",
        "refresh": ended.as_data(),
        "diff": {"before": {"refresh": "in progress"}, "after": {"refresh": "rolled back"}},
    }


def _join_return(options: RefreshOptions, run: Run, returning: Refresh, rolled: Rolled, begin: Begin) -> dict[str, Any]:
    """A run that died has begun it."""
    if options.wait and not run.check_mode:
        returning = _await_return(options, run, returning, rolled, begin)
    return {
        "changed": True,
        "method": "refresh",
        "msg": f"{returning.group} was already rolling back to the previous image.",
        "refresh": returning.as_data(),
        "diff": {"before": {"refresh": "in progress"}, "after": {"refresh": "finished"}},
    }


def _await_return(options: RefreshOptions, run: Run, returning: Refresh, rolled: Rolled, begin: Begin) -> Refresh:
    """Until the group has its previous image, and is labeled so."""
    returning = await_percentage(run, returning, None, options.wait_timeout)
    require_image(run, returning, rolled.previous_image, "rolled back")
    if label := rolled.label(given(rolled.previous_image), rolled.previous_release):
        begin()
        write_tags(run, options.group, label)
    return returning


def _asked(run: Run, active: Refresh, call: Callable[[Any, str], None]) -> Refresh | None:
    """None when it has ended since it was read. AWS finds none either that is on its way back already."""
    try:
        when_free(run, partial(call, run.client("autoscaling"), active.group))
    except AwsError as error:
        if error.code != "ActiveInstanceRefreshNotFound":
            raise
        return under_way(read_refreshes(run, active.group))
    return active


def _return(options: RefreshOptions, run: Run, group: Group, begin: Begin) -> dict[str, Any]:
    rolled, name = Rolled.read(tags_of(group)), options.group
    if rolled.previous_image is None:
        return _unchanged("none", f"{name} was never rolled to another image: there is no previous one to return to.")
    goal = Goal(
        given(options.service), rolled.previous_image, rolled.previous_release, options.to_return(), journal=False
    )
    seen, result = roll_to(run, group, goal, begin)
    if not result["changed"]:
        return _unchanged("none", f"{name} runs its previous image, {goal.image_id}, already.")
    if seen and options.wait:
        seen = _await_return(options, run, seen, rolled, begin)
        result |= {"refresh": seen.as_data()}
    return result | {"method": "refresh", "msg": FINISHED.format(group=name, image=goal.image_id)}


def _ended(options: RefreshOptions, run: Run, active: Refresh, wanted: str) -> Refresh:
    waits = options.wait and not run.check_mode
    return await_end(run, active, wanted, options.wait_timeout) if waits else active


def _unchanged(method: str | None = None, sentence: str | None = None) -> dict[str, Any]:
    said = {"method": method, "msg": sentence} if method else {}
    return {"changed": False, "refresh": None, "diff": {"before": {}, "after": {}}, **said}
