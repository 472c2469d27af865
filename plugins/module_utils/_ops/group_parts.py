# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what an Auto Scaling group has beside its fields."""

from __future__ import annotations

from functools import partial

from .._aws import group_parts
from .._core.clone import Parts
from .run import Run, together


def read_parts(run: Run, group: str) -> Parts:
    client = run.client("autoscaling")
    return Parts(
        *together(
            partial(group_parts.describe_hooks, client, group),
            partial(group_parts.describe_policies, client, group),
            partial(group_parts.describe_schedules, client, group),
            partial(group_parts.describe_notifications, client, group),
        )
    )
