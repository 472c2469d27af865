# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what a removal depends on."""

from __future__ import annotations

from ..._aws.bake import cloudwatch
from ..._core.base.groups import is_being_deleted
from ..._core.group.policy_alarms import alarm_prefix, made_for
from ..._core.group.removal import Announcement
from ..._core.group.removal_plan import Facts
from ..base.run import Run
from ..targets.members import find_group
from .parts import read_alarm_tags
from .use import read_target_groups, read_use


def read_facts(run: Run, asked: Announcement) -> Facts:
    group = find_group(run, asked.name)
    if group is None or is_being_deleted(group):
        return Facts(group)
    target_groups = read_target_groups(run, asked.around, group)
    return Facts(group, read_use(run, asked.around, group, target_groups), target_groups)


def find_left_alarms(run: Run, asked: Announcement) -> list[str]:
    """Those that were made for the group; everything else goes with it."""
    found = cloudwatch.find_alarms(run.client("cloudwatch"), alarm_prefix(asked.name))
    return made_for(asked.name, asked.service, read_alarm_tags(run, found))
