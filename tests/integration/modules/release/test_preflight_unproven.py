# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be proven wrong does not prevent a release, but is reported."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene

from ..conftest import Plan
from ..demo import Demo

ALL_SPOT = {"OnDemandBaseCapacity": 0, "OnDemandPercentageAboveBaseCapacity": 0}
HALF_SPOT = {"OnDemandBaseCapacity": 0, "OnDemandPercentageAboveBaseCapacity": 50}
REQUIREMENTS = {"VCpuCount": {"Min": 2}, "MemoryMiB": {"Min": 4096}}
SMALL, BY_ATTRIBUTES = [{"InstanceType": "t3.small"}], [{"InstanceRequirements": REQUIREMENTS}]


def mixed(scene: Scene, demo: Demo, overrides: list[dict[str, Any]], distribution: dict[str, Any]) -> str:
    specification = {"LaunchTemplateId": scene.template(), "Version": "1"}
    template = {"LaunchTemplateSpecification": specification, "Overrides": overrides}
    policy = {"LaunchTemplate": template, "InstancesDistribution": distribution}
    return demo.live(1, LaunchTemplate=None, MixedInstancesPolicy=policy)


@pytest.mark.parametrize(
    ("overrides", "distribution", "why"),
    [
        (SMALL, HALF_SPOT, "it has On-Demand Instances and Spot Instances"),
        ([*SMALL, {"InstanceType": "g4dn.xlarge"}], ALL_SPOT, "its instance types have several (L-34B43A08, "),
        ([{"InstanceType": "inf1.xlarge"}], ALL_SPOT, "counts for inf1.xlarge (spot) is not known here"),
        (BY_ATTRIBUTES, HALF_SPOT, "AWS chooses its instance types by attributes."),
    ],
)
def test_what_cannot_be_judged_is_told(
    plan: Plan, scene: Scene, demo: Demo, overrides: list[dict[str, Any]], distribution: dict[str, Any], why: str
) -> None:
    source = mixed(scene, demo, overrides, distribution)
    result = plan(**demo.definition, image_id=scene.image(release="2"))
    assert result["findings"] == []
    (reported,) = result["unchecked"]
    assert reported.startswith("Not checked. ")
    assert source in reported
    assert why in reported
    assert reported in result["warnings"]


def test_a_policy_of_one_market_is_judged(plan: Plan, scene: Scene, demo: Demo) -> None:
    """The lab's quota of Spot Instances is 5 vCPUs."""
    mixed(scene, demo, SMALL, ALL_SPOT)
    result = plan(**demo.definition, image_id=scene.image(release="2"))
    assert (result["findings"], result["unchecked"]) == ([], [])
