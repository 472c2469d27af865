# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Auto Scaling group as DescribeAutoScalingGroups returns it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_being_deleted(group: Mapping[str, Any]) -> bool:
    """Whether it launches nothing any more. Only such a group has a ``Status`` (AutoScalingGroup in the API
    reference)."""
    return bool(group.get("Status"))


def suspended_on(group: Mapping[str, Any]) -> set[str]:
    """Names of the processes that somebody, or AWS itself, has suspended."""
    return {process["ProcessName"] for process in group.get("SuspendedProcesses", [])}
