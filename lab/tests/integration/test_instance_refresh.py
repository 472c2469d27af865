# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance refreshes: who is replaced when, and what is told of it."""

from __future__ import annotations

import pytest

from switchyard_lab.scene import Scene, eventually, refusal

from .refreshed import AT_ONCE, LAUNCH_FIRST, Refreshed


@pytest.mark.parametrize(("bounds", "least"), [(LAUNCH_FIRST, 6), (AT_ONCE, 4)])
def test_every_instance_is_replaced_within_the_bounds(scene: Scene, bounds: dict[str, int], least: int) -> None:
    group = Refreshed(scene)
    group.start(**bounds)
    assert refusal(scene.autoscaling.start_instance_refresh, **group.request()) == "InstanceRefreshInProgress"
    assert group.launches_from() == "1"
    assert group.lowest("Successful") >= least
    assert (group.versions(), group.launches_from()) == ({"2": 6}, "2")
    seen = group.seen()
    assert (seen["PercentageComplete"], seen["InstancesToUpdate"]) == (100, 0)
    eventually(lambda: len(scene.health(group.targets)), lambda count: count == 6)


@pytest.mark.parametrize("preferences", [{"SkipMatching": False}, {}])
def test_a_group_that_chooses_types_by_attributes_gets_no_desired_configuration(
    scene: Scene, preferences: dict[str, bool]
) -> None:
    specification = {"LaunchTemplateId": scene.template(), "Version": "1"}
    requirements = {"InstanceRequirements": {"VCpuCount": {"Min": 2}, "MemoryMiB": {"Min": 2048}}}
    template = {"LaunchTemplateSpecification": specification, "Overrides": [requirements]}
    name = scene.group(0, LaunchTemplate=None, MixedInstancesPolicy={"LaunchTemplate": template})
    start, request = scene.autoscaling.start_instance_refresh, {"AutoScalingGroupName": name}
    refused = (
        {"Preferences": preferences} if preferences else {"DesiredConfiguration": {"LaunchTemplate": specification}}
    )
    assert refusal(start, **request, **refused) == "ValidationError"
    start(**request, Preferences={"MinHealthyPercentage": 50})
