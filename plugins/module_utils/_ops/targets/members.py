# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an Auto Scaling group's instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.targets.members import Members
from ..base.run import Run


def find_group(run: Run, name: str) -> Mapping[str, Any] | None:
    """The group as DescribeAutoScalingGroups returns it, also one that is being deleted."""
    return next(iter(autoscaling.describe_groups(run.client("autoscaling"), names=[name])), None)


def require_group(run: Run, name: str) -> Mapping[str, Any]:
    """The same; an error when there is none."""
    if (found := find_group(run, name)) is None:
        raise BluegreenError(f"There is no Auto Scaling group {name} in this account and region.")
    return found


def read_members(run: Run, name: str) -> Members:
    return Members.read(require_group(run, name))
