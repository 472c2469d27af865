# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling policies of a clone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..base.fields import carried
from .repointing import Repointing

Policy = Mapping[str, Any]  # as DescribePolicies returns it

READ_ONLY = {"Alarms", "AutoScalingGroupName", "PolicyARN"}
# The kinds whose alarms are the user's. Those of target tracking are AWS's own, made and removed with the policy.
ALARMED = {"SimpleScaling", "StepScaling"}


def policy_request(policy: Policy, accepted: Collection[str], repointing: Repointing) -> dict[str, Any]:
    """The PutScalingPolicy request; a policy of this name that is there already is overwritten."""
    asked = {**repointing.apply(carried(policy, accepted)), "AutoScalingGroupName": repointing.clone}
    if "MinAdjustmentMagnitude" in asked:
        asked.pop("MinAdjustmentStep", None)  # its old name, which AWS still returns as well
    return asked


def alarm_names(policies: Sequence[Policy]) -> list[str]:
    """The alarms that set policies off, and that are not AWS's own."""
    alarmed = [policy for policy in policies if policy.get("PolicyType", "SimpleScaling") in ALARMED]
    return sorted({alarm["AlarmName"] for policy in alarmed for alarm in policy.get("Alarms", [])})


def without_forecast(policies: Sequence[Policy]) -> list[str]:
    """Those that scale by what the group itself has seen. AWS forecasts from 24 hours of data at least
    (PredictiveScalingMetricSpecification in the API reference), and a load metric of one's own may have these."""
    forecasts = {each["PolicyName"]: each.get("PredictiveScalingConfiguration", {}) for each in policies}
    return [
        name
        for name, forecast in forecasts.items()
        if forecast.get("Mode") == "ForecastAndScale"
        and not any("CustomizedLoadMetricSpecification" in each for each in forecast["MetricSpecifications"])
    ]
