# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what a removal depends on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..._aws.bake import cloudwatch
from ..._aws.group import parts as group_parts
from ..._core.group.in_use import Group, Use
from ..._core.group.policy_alarms import alarm_prefix, made_for
from ..._core.group.removal import Announcement
from ..._core.group.removal_plan import Belongings, Facts
from ..._core.targets.registration import TargetGroup
from ..base.run import Run, together
from ..targets.members import find_group
from .parts import read_alarm_tags
from .use import read_target_groups, read_use

ReadBelongings = Callable[[Run, Announcement, "Group | None"], Belongings]


def read_facts(run: Run, asked: Announcement, read_belongings: ReadBelongings = lambda *_read: Belongings()) -> Facts:
    group = find_group(run, asked.name)
    if group is None or "Status" in group:  # only a group that is being deleted has one
        return Facts(group, belongings=read_belongings(run, asked, None))
    (target_groups, use), belongings = together(
        partial(_read_use, run, asked, group), partial(read_belongings, run, asked, group)
    )
    return Facts(group, use, target_groups, belongings)


def _read_use(run: Run, asked: Announcement, group: Group) -> tuple[list[TargetGroup], Use]:
    target_groups = read_target_groups(run, asked.around, group)
    return target_groups, read_use(run, asked.around, group, target_groups)


def read_belongings(run: Run, asked: Announcement, group: Group | None) -> Belongings:
    """What goes with the group, and the alarms that were made for it."""
    client, name = run.client("autoscaling"), asked.name
    reads = [partial(cloudwatch.find_alarms, run.client("cloudwatch"), alarm_prefix(name))]
    if group:
        reads += [
            partial(group_parts.describe_hooks, client, name),
            partial(group_parts.describe_policies, client, name),
            partial(group_parts.describe_schedules, client, name),
        ]
    alarms, *parts = together(*reads)
    hooks, policies, schedules = parts or ([], [], [])
    return Belongings(
        alarms=made_for(name, asked.service, read_alarm_tags(run, alarms)),
        hooks=hooks,
        policies=[each["PolicyName"] for each in policies],
        schedules=[each["ScheduledActionName"] for each in schedules],
    )
