# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone_parts import Parts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.repointing import read_twins

from tests.unit.clock import FakeClock

PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup"
BLUE, GREEN = f"{PREFIX}/web-blue/b1", f"{PREFIX}/web-green/91"
LABEL = "app/web/ab/targetgroup/web-blue/b1"
TRACKING = {"PredefinedMetricSpecification": {"ResourceLabel": LABEL}}
PARTS = Parts(policies=[{"PolicyName": "requests", "TargetTrackingConfiguration": TRACKING}])


def no_client(_service: str) -> Any:
    raise AssertionError("nothing has to be read")


@pytest.mark.parametrize(
    "attached",
    [
        {"TargetGroupARNs": [BLUE], "TrafficSources": []},
        {"TargetGroupARNs": [], "TrafficSources": [{"Identifier": BLUE, "Type": "elbv2"}]},
    ],
    ids=["as a target group", "as a traffic source"],
)
def test_a_policy_on_the_requests_of_a_target_group_gets_the_twin_however_that_is_attached(
    attached: dict[str, Any],
) -> None:
    run, green = Run(client=no_client, clock=FakeClock()), {"TargetGroupArn": GREEN}
    assert read_twins(run, attached, PARTS, [green], {}) == {BLUE: green}
