# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pins an Auto Scaling group at the capacity that is needed, and releases it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..._args.group.capacity import CapacityOptions
from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import find_other_run, tags_of
from ..._core.group.capacity import PIN, Capacity
from ..._core.targets.members import Members
from ..base.retry_in_use import when_free
from ..base.run import Run
from ..targets.attachment import await_members
from ..targets.health import Waiting, health_message
from .scale_in import await_load


@dataclass(frozen=True)
class CapacityChange:
    """What changes about the capacity of one group, which is ``item`` as DescribeAutoScalingGroups returned it."""

    item: Mapping[str, Any]
    before: Capacity
    after: Capacity

    @property
    def needed(self) -> bool:
        return self.after != self.before

    @property
    def raised(self) -> int:
        return max(0, self.after.desired - self.before.desired)


def autoscaling_capacity(options: CapacityOptions, run: Run) -> dict[str, Any]:
    """The work of module autoscaling_capacity."""
    _check(options)
    own, *matched = changes = _decide(options, run)
    health = {}
    if not run.check_mode:
        if options.state == "released":
            changes = [own := let_go(run, own, options.wait_timeout)]
        else:
            _pin(run, [*matched, own])  # what has the traffic first
            health = _await_healthy(run, own, options.health_timeout)
    sides = {side: [getattr(each, side).as_data() for each in changes] for side in ("before", "after")}
    return {
        "changed": any(each.needed for each in changes),
        "capacity": own.after.as_data(),
        "raised": own.raised,
        **health,
        "diff": {side: its if matched else its[0] for side, its in sides.items()},
    }


def _check(options: CapacityOptions) -> None:
    if options.state == "released" and (options.match or options.health_timeout is not None):
        raise BluegreenError("match and health_timeout say what a pin is to hold, so they go with state pinned only.")
    if options.match_pinned and not options.match:
        raise BluegreenError("match_pinned needs match, the group to be pinned as well.")


def _decide(options: CapacityOptions, run: Run) -> list[CapacityChange]:
    """The changes of the group, and of the one that it matches where that is pinned as well."""
    items = _read(run, [options.group, *([options.match] if options.match else [])], options.run)
    found = {name: Capacity.read(item) for name, item in items.items()}
    needed = found[options.match or options.group]
    item, before = items[options.group], found[options.group]
    pinned = CapacityChange(item, before, before.pinned(needed.desired))
    changes = [released(item) if options.state == "released" else pinned]
    if options.match and options.match_pinned:
        changes.append(CapacityChange(items[options.match], needed, needed.pinned(needed.desired)))
    return changes


def _await_healthy(run: Run, change: CapacityChange, seconds: int | None) -> dict[str, Any]:
    """Wait for healthy instances, also when nothing was raised now: a run that died may have raised it, and not
    waited."""
    if seconds is None or not change.after.desired:
        return {}
    seen = None if change.raised else Members.read(change.item)
    return {"msg": health_message(await_members(run, change.before.group, Waiting(seconds), seen))}


def hold(run: Run, group: str, needed: int) -> None:
    """Pin the group at no less than ``needed`` units."""
    item = _read(run, [group])[group]
    before = Capacity.read(item)
    _pin(run, [CapacityChange(item, before, before.pinned(needed))])


def _read(run: Run, names: list[str], owner: str | None = None) -> dict[str, Mapping[str, Any]]:
    """``owner``: the run that the first of them must belong to."""
    groups = autoscaling.describe_groups(run.client("autoscaling"), names=names)
    found: dict[str, Mapping[str, Any]] = {group["AutoScalingGroupName"]: group for group in groups}
    for name in names:
        if name not in found:
            raise BluegreenError(f"There is no Auto Scaling group {name} in this account and region.")
        if is_being_deleted(found[name]):
            raise BluegreenError(f"{name} is being deleted, so its capacity can be neither held nor matched.")
    if finding := find_other_run(names[0], tags_of(found[names[0]]), owner):
        raise BluegreenError(f"{finding} Its capacity is left as it is.")
    return found


def _pin(run: Run, changes: Sequence[CapacityChange]) -> None:
    """The journals first: a run that dies in between leaves bounds that they know."""
    journals = {
        each.before.group: each.after.journal.tags()
        for each in changes
        if each.after.journal and each.after.journal != each.before.journal
    }
    if journals:
        when_free(run, partial(autoscaling.tag_groups, run.client("autoscaling"), journals))
    for each in changes:
        _update(run, each.before, each.after)


def released(item: Mapping[str, Any]) -> CapacityChange:
    """What is to become of a group when it is left to its own scaling again."""
    before = Capacity.read(item)
    return CapacityChange(item, before, before.released())


def let_go(run: Run, change: CapacityChange, seconds: float = CapacityOptions.wait_timeout) -> CapacityChange:
    """The journal last: a run that dies in between leaves a pin, which the next one finds. What is done with the group
    as it is after the wait: a schedule or a person may have resized it meanwhile."""
    group = change.before.group
    if change.before.bounds.minimum > change.after.bounds.minimum and await_load(run, group, seconds):
        change = released(_read(run, [group])[group])
    _update(run, change.before, change.after)
    if change.before.journal:
        when_free(run, partial(autoscaling.untag_group, run.client("autoscaling"), group, PIN))
    return change


def _update(run: Run, before: Capacity, after: Capacity) -> None:
    if changes := before.update_to(after):
        when_free(run, partial(autoscaling.update_group, run.client("autoscaling"), before.group, changes))
