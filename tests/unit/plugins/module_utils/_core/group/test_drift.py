# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate has otherwise than a live group that was changed since."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.drift import drifted, settings

from .groups import group, tag

ACCEPTED = {
    "DeletionProtection",
    "LoadBalancerNames",
    "MixedInstancesPolicy",
    "NewInstancesProtectedFromScaleIn",
    "PlacementGroup",
    "TargetGroupARNs",
    "VPCZoneIdentifier",
}
PINNED = [tag("bluegreen:pinned-minimum", "2"), tag("bluegreen:pinned-maximum", "6")]


def candidate(**fields: Any) -> dict[str, Any]:
    return group(AutoScalingGroupName="web-green-v002", **fields)


def compared(source: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    return drifted(other["AutoScalingGroupName"], settings(source, ACCEPTED), settings(other, ACCEPTED))


def mixed(template: str, percent: int = 100, instance_type: str = "t3.small") -> dict[str, Any]:
    specification = {"LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "1"}}
    overrides = [{**specification, "InstanceType": instance_type, "ImageId": f"ami-{template}"}]
    distribution = {"OnDemandPercentageAboveBaseCapacity": percent}
    return {
        "MixedInstancesPolicy": {
            "LaunchTemplate": {**specification, "Overrides": overrides},
            "InstancesDistribution": distribution,
        }
    }


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ({}, {"TargetGroupARNs": ["arn:green"], "DesiredCapacity": 3, "Instances": [], "CreatedTime": 9}),
        ({"MinSize": 5, "MaxSize": 5, "Tags": PINNED}, {}),
        ({"Tags": [tag("team"), tag("bluegreen:color", "blue")]}, {"Tags": [tag("team")]}),
        ({"VPCZoneIdentifier": "subnet-a, subnet-b"}, {"VPCZoneIdentifier": "subnet-b,subnet-a"}),
        ({"LoadBalancerNames": ["a", "b"]}, {"LoadBalancerNames": ["b", "a"]}),
        ({"DeletionProtection": "prevent-all-deletion"}, {"DeletionProtection": "none"}),
        (mixed("lt-1"), mixed("lt-2")),
    ],
)
def test_what_a_release_decides_is_no_difference(source: dict[str, Any], other: dict[str, Any]) -> None:
    assert compared(group(**source), candidate(**other)) == []


@pytest.mark.parametrize(
    ("source", "field", "before", "after"),
    [
        ({"PlacementGroup": "near"}, "PlacementGroup", "near", None),
        ({"NewInstancesProtectedFromScaleIn": True}, "NewInstancesProtectedFromScaleIn", True, False),
        ({"MinSize": 3}, "MinSize", 3, 2),
        ({"Tags": [tag("team")]}, "Tags", {"team": "x"}, {}),
    ],
)
def test_what_was_changed_since(source: dict[str, Any], field: str, before: Any, after: Any) -> None:
    (found,) = compared(group(**source), candidate())
    assert found == {"field": field, "candidate": "web-green-v002", "before": before, "after": after}


def test_the_parts_of_a_mixed_policy_that_are_not_launch_templates() -> None:
    found = compared(group(**mixed("lt-1", 50, "t3.large")), candidate(**mixed("lt-2")))
    assert [each["field"] for each in found] == ["InstancesDistribution", "Overrides"]
