# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Auto Scaling groups did."""

from __future__ import annotations

from typing import Any

from ..base.errors import doing

Client = Any
Item = dict[str, Any]


def describe_activities(client: Client, group: str) -> list[Item]:
    """The newest 100 at most: one page, as this is asked in every look of a wait."""
    with doing(f"reading the scaling activities of {group}"):
        return list(client.describe_scaling_activities(AutoScalingGroupName=group)["Activities"])
