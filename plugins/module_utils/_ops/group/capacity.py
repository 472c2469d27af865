# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pins an Auto Scaling group at the capacity that is needed, and releases it."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..._args.group.capacity import CapacityOptions
from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import find_other_run, tags_of
from ..._core.group.capacity import PIN, Capacity
from ..base.retry_in_use import when_free
from ..base.run import Run
from .scale_in import await_load


def hold_capacity(options: CapacityOptions, run: Run) -> dict[str, Any]:
    """The work of module autoscaling_capacity."""
    release = options.state == "released"
    if release and options.match:
        raise BluegreenError("match says what a pin is to hold, so it goes with state pinned only.")
    found = _read(run, [options.group, *([options.match] if options.match else [])], options.run)
    before = found[options.group]
    after = before.released() if release else before.pinned(found[options.match or options.group].desired)
    if not run.check_mode:
        if release and before.originals:
            await_load(run, before.group, options.wait_timeout)
        (_release if release else _pin)(run, before, after)
    return {
        "changed": after != before,
        "capacity": after.as_data(),
        "raised": max(0, after.desired - before.desired),
        "diff": {"before": before.as_data(), "after": after.as_data()},
    }


def hold(run: Run, group: str, needed: int) -> None:
    """Pin the group at no less than ``needed`` units."""
    before = _read(run, [group])[group]
    _pin(run, before, before.pinned(needed))


def _read(run: Run, names: list[str], owner: str | None = None) -> dict[str, Capacity]:
    """``owner``: the run that the first of them must belong to."""
    groups = autoscaling.describe_groups(run.client("autoscaling"), names=names)
    found = {group["AutoScalingGroupName"]: group for group in groups}
    for name in names:
        if name not in found:
            raise BluegreenError(f"There is no Auto Scaling group {name} in this account and region.")
        if "Status" in found[name]:  # only a group that is being deleted has one
            raise BluegreenError(f"{name} is being deleted, so its capacity can be neither held nor matched.")
    if finding := find_other_run(names[0], tags_of(found[names[0]]), owner):
        raise BluegreenError(f"{finding} Its capacity is left as it is.")
    return {name: Capacity.read(group) for name, group in found.items()}


def _pin(run: Run, before: Capacity, after: Capacity) -> None:
    """The journal first: a run that dies in between leaves originals that are still true."""
    if not before.originals and after.originals:
        write = partial(autoscaling.tag_group, run.client("autoscaling"), before.group, after.originals.tags())
        when_free(run, write)
    _update(run, before, after)


def _release(run: Run, before: Capacity, after: Capacity) -> None:
    """The journal last: a run that dies in between leaves a pin, which the next one finds."""
    _update(run, before, after)
    if before.originals:
        when_free(run, partial(autoscaling.untag_group, run.client("autoscaling"), before.group, PIN))


def _update(run: Run, before: Capacity, after: Capacity) -> None:
    if changes := before.update_to(after):
        when_free(run, partial(autoscaling.resize_group, run.client("autoscaling"), before.group, changes))
