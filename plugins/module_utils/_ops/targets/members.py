# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an Auto Scaling group's instances."""

from __future__ import annotations

from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.targets.members import Members
from ..base.run import Run


def read_members(run: Run, name: str) -> Members:
    found = autoscaling.describe_groups(run.client("autoscaling"), names=[name])
    if not found:
        raise BluegreenError(f"There is no Auto Scaling group {name} in this account and region.")
    return Members.read(found[0])
