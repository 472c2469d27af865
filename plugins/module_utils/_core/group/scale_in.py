# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which alarms make a group scale in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Policy = Mapping[str, Any]  # as DescribePolicies returns it


def alarms_that_scale_in(policies: Iterable[Policy]) -> list[str]:
    """Names of the alarms that AWS acts on by taking instances away.

    A target tracking policy has one alarm for each direction, and AWS names them (… -AlarmHigh-…, … -AlarmLow-…).
    """
    names = [
        alarm["AlarmName"]
        for policy in policies
        if policy.get("Enabled", True)
        for alarm in policy.get("Alarms", [])
        if ("-AlarmLow-" in alarm["AlarmName"] if "TargetTrackingConfiguration" in policy else _takes_away(policy))
    ]
    return sorted(set(names))


def _takes_away(policy: Policy) -> bool:
    """A step or simple policy; an exact capacity may be fewer."""
    steps = [step["ScalingAdjustment"] for step in policy.get("StepAdjustments", [])]
    adjustments = [*steps, policy.get("ScalingAdjustment", 0)]
    return policy.get("AdjustmentType") == "ExactCapacity" or any(each < 0 for each in adjustments)
