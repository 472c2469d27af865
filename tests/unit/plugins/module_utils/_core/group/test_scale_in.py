# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.scale_in import alarms_that_scale_in

HIGH, LOW = "TargetTracking-web-blue-AlarmHigh-1", "TargetTracking-web-blue-AlarmLow-2"


@pytest.mark.parametrize(
    ("policy", "alarms", "named"),
    [
        pytest.param({"TargetTrackingConfiguration": {}}, [HIGH, LOW], [LOW], id="target tracking"),
        pytest.param({"StepAdjustments": [{"ScalingAdjustment": -1}]}, ["idle"], ["idle"], id="steps in"),
        pytest.param({"StepAdjustments": [{"ScalingAdjustment": 2}]}, ["busy"], [], id="steps out"),
        pytest.param({"ScalingAdjustment": -1, "StepAdjustments": []}, ["idle"], ["idle"], id="simple in"),
        pytest.param({"ScalingAdjustment": 1}, ["busy"], [], id="simple out"),
        pytest.param({"ScalingAdjustment": 2, "AdjustmentType": "ExactCapacity"}, ["any"], ["any"], id="exact"),
        pytest.param({"ScalingAdjustment": -1, "Enabled": False}, ["idle"], [], id="disabled"),
        pytest.param({"PredictiveScalingConfiguration": {}}, [], [], id="predictive"),
    ],
)
def test_alarms_are_told_by_what_their_policy_does(policy: dict[str, Any], alarms: list[str], named: list[str]) -> None:
    described = policy | {"Alarms": [{"AlarmName": name} for name in alarms]}
    assert alarms_that_scale_in([described, described]) == named
