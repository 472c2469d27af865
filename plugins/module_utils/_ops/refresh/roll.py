# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rolls a group to an image by an instance refresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ..._args.base.options import given
from ..._args.refresh.roll import RefreshOptions
from ..._core.base.tags import tags_of
from ..._core.refresh.history import Rolled
from ..._core.refresh.preferences import check_percentage
from ..._core.refresh.result import RefreshResult
from ..._core.refresh.state import Refresh, under_way, updated
from ..._core.targets.members import Members
from ..base.run import Run, together
from .others import check_same, read_group, require_image
from .start import Goal, end_tags, roll_to, write_tags
from .stop import cancel
from .take_back import take_back
from .wait import await_percentage, read_refreshes

Group = Mapping[str, Any]


def instance_refresh(options: RefreshOptions, run: Run) -> dict[str, Any]:
    """The work of module instance_refresh."""
    options.check()
    check_percentage(options.until_percentage)
    group, found = together(partial(read_group, run, options.group), partial(read_refreshes, run, options.group))
    active = under_way(found)
    match options.state:
        case "canceled":
            return cancel(options, run, active).as_data()
        case "rolled_back":
            return take_back(options, run, group, active)
        case _:
            return _present(options, run, group, active).as_data()


def _present(options: RefreshOptions, run: Run, group: Group, active: Refresh | None) -> RefreshResult:
    """One that is named is only waited for: when it has ended meanwhile, it is not begun again."""
    goal = Goal(
        given(options.service),
        given(options.image_id),
        options.release,
        options,
        ends=options.wait and options.until_percentage is None,
    )
    rolled = Rolled.read(tags_of(group))
    release = rolled.called(goal.image_id, goal.release)
    if options.id:
        result = RefreshResult(refresh=Refresh.begun(options.id, options.group, {}), release=release)
    elif active:
        check_same(run, group, active, goal.service, goal.image_id)
        result = RefreshResult(refresh=active, release=release)
    else:
        result = roll_to(run, group, goal)
    if result.refresh is None:
        verified, serving = rolled.has_verified(goal.image_id), Members.read(group).serving
        return replace(result, verified=verified, updated=[each.id for each in serving])
    if run.check_mode or not options.wait:
        return result
    seen = await_percentage(run, result.refresh, options.until_percentage, options.wait_timeout)
    group = read_group(run, options.group)
    if not seen.active:
        require_image(run, seen, goal.image_id, "rolled")
    label = {} if seen.active else end_tags(goal, Rolled.read(tags_of(group)))
    write_tags(run, options.group, label)
    changed, has_it = result.changed or bool(label), updated(group, seen.configuration)
    return replace(result, changed=changed, refresh=seen, updated=has_it)
