# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance refreshes of Auto Scaling groups: one function, one API call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.errors import doing

Client = Any
Item = dict[str, Any]


def describe_latest_refreshes(client: Client, group: str) -> list[Item]:
    """The newest first, of the last six weeks; one page, as this is asked in every look of a wait."""
    with doing(f"reading the instance refreshes of {group}"):
        return list(client.describe_instance_refreshes(AutoScalingGroupName=group, MaxRecords=10)["InstanceRefreshes"])


def describe_refresh(client: Client, group: str, refresh_id: str) -> Item | None:
    """None as long as AWS does not return one that was just started."""
    with doing(f"reading instance refresh {refresh_id} of {group}"):
        answer = client.describe_instance_refreshes(AutoScalingGroupName=group, InstanceRefreshIds=[refresh_id])
        return next(iter(answer["InstanceRefreshes"]), None)


def start_refresh(client: Client, group: str, configuration: Item, preferences: Mapping[str, Any]) -> str:
    """Start an instance refresh; its id."""
    with doing(f"starting an instance refresh of {group}"):
        answer = client.start_instance_refresh(
            AutoScalingGroupName=group,
            Strategy="Rolling",
            DesiredConfiguration=configuration,
            Preferences=dict(preferences),
        )
        return str(answer["InstanceRefreshId"])


def cancel_refresh(client: Client, group: str) -> None:
    """What it has replaced stays; what is being launched or terminated for it is waited for."""
    with doing(f"canceling the instance refresh of {group}"):
        client.cancel_instance_refresh(AutoScalingGroupName=group)


def roll_back_refresh(client: Client, group: str) -> None:
    with doing(f"rolling back the instance refresh of {group}"):
        client.rollback_instance_refresh(AutoScalingGroupName=group)
