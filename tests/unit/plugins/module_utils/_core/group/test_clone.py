# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone import (
    Size,
    WantedClone,
    came_of,
    request,
    unknown_fields,
    unweighted,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone_parts import FollowUp, Parts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.repointing import Repointing

from tests.unit.plugins.module_utils._core.group.groups import group, tag

ACCEPTED = {
    "group": {
        "AutoScalingGroupName",
        "AvailabilityZoneIds",
        "AvailabilityZones",
        "DesiredCapacity",
        "HealthCheckType",
        "LaunchTemplate",
        "LifecycleHookSpecificationList",
        "LoadBalancerNames",
        "MaxSize",
        "MinSize",
        "NewInstancesProtectedFromScaleIn",
        "PlacementGroup",
        "Tags",
        "TargetGroupARNs",
        "TrafficSources",
        "VPCZoneIdentifier",
    },
    "hook": {"LifecycleHookName", "LifecycleTransition", "HeartbeatTimeout"},
}
LAUNCH = {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "7"}}
NAME = "web-green-v002"
WANTED = WantedClone("web", "green", "web-blue-v001", "ami-2", ["web-green"], release="1.1.0")


def asked(
    source: dict[str, Any], hooks: list[dict[str, Any]] | None = None, complete: bool = True, **accepted: set[str]
) -> dict[str, Any]:
    fields = {key: ACCEPTED[key] | accepted.get(key, set()) for key in ACCEPTED}
    rest = FollowUp(
        suspended=[] if complete else ["AZRebalance"],
        metrics=[],
        notifications=[],
        warm_pool=None,
        policies=[],
        schedules=[],
        parts=Parts(hooks=hooks or []),
        service="web",
        accepted=fields,
        repointing=Repointing("web-blue-v001", NAME, {}),
    )
    return request(source, WANTED, ["arn:green"], rest, LAUNCH)


def test_the_release_decides_name_image_target_groups_and_nothing_else() -> None:
    tags = {"bluegreen:service": "web", "bluegreen:color": "green", "bluegreen:release": "1.1.0"}
    assert asked(group(VPCZoneIdentifier="subnet-1", HealthCheckType="ELB")) == {
        "AutoScalingGroupName": "web-green-v002",
        **LAUNCH,
        "TargetGroupARNs": ["arn:green"],
        "Tags": [{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in tags.items()],
        "AvailabilityZones": ["eu-west-1a"],
        "MinSize": 2,
        "MaxSize": 6,
        "DesiredCapacity": 5,
        "NewInstancesProtectedFromScaleIn": False,
        "VPCZoneIdentifier": "subnet-1",
        "HealthCheckType": "ELB",
    }


def test_a_field_that_aws_adds_is_carried_as_soon_as_it_is_accepted() -> None:
    source = group(BrandNew={"Level": 0})
    assert asked(source, group={"BrandNew"})["BrandNew"] == {"Level": 0}
    assert unknown_fields(source, ACCEPTED["group"] | {"BrandNew"}) == []


def test_a_field_that_can_only_be_read_is_named() -> None:
    source = group(BrandNew={"Level": 0}, AlsoNew=[])
    assert "BrandNew" not in asked(source)
    assert unknown_fields(source, ACCEPTED["group"]) == ["BrandNew"]


def test_hooks_are_there_before_the_first_launch() -> None:
    hook = {
        "LifecycleHookName": "warm",
        "AutoScalingGroupName": "web-blue-v001",
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
        "HeartbeatTimeout": 300,
        "GlobalTimeout": 30000,
    }
    sent = {key: hook[key] for key in ACCEPTED["hook"]}
    assert asked(group(), [hook])["LifecycleHookSpecificationList"] == [sent]


@pytest.mark.parametrize(
    ("source", "accepted", "said"),
    [(True, {"SkipZonalShiftValidation"}, True), (False, {"SkipZonalShiftValidation"}, None), (True, set(), None)],
    ids=["enabled", "not enabled", "an older SDK"],
)
def test_a_zonal_shift_that_the_source_has_is_not_questioned_again(
    source: bool, accepted: set[str], said: bool | None
) -> None:
    shift = group(AvailabilityZoneImpairmentPolicy={"ZonalShiftEnabled": source})
    assert asked(shift, group=accepted).get("SkipZonalShiftValidation") == said


def test_tags_of_the_user_are_copied_those_of_others_are_not() -> None:
    source = group(
        Tags=[
            tag("team", "shop", propagate=False),
            tag("bluegreen:release", "1.0.0"),
            tag("bluegreen:retain-until"),
            tag("aws:cloudformation:stack-name"),
        ]
    )
    first, *ours = asked(source)["Tags"]
    assert first == {"Key": "team", "Value": "shop", "PropagateAtLaunch": False}
    assert [(each["Key"], each["Value"]) for each in ours][2:] == [("bluegreen:release", "1.1.0")]


def test_a_clone_that_is_not_complete_says_so_until_it_is() -> None:
    assert asked(group(), complete=False)["Tags"][-1] == {
        "Key": "bluegreen:copying",
        "Value": "web-blue-v001",
        "PropagateAtLaunch": False,
    }


@pytest.mark.parametrize("kind", [{"Type": "vpc-lattice"}, {}], ids=["with its type", "without"])
def test_traffic_sources_without_weights_are_carried_and_named(kind: dict[str, str]) -> None:
    """AWS asks for the type of Classic Load Balancers only."""
    lattice = {"Identifier": "arn:lattice", **kind}
    source = group(
        TrafficSources=[{"Identifier": "arn:blue", "Type": "elbv2"}, {"Identifier": "old", "Type": "elb"}, lattice],
        LoadBalancerNames=["old"],
    )
    sent = asked(source)
    assert (sent["TrafficSources"], sent["LoadBalancerNames"]) == ([lattice], ["old"])
    assert unweighted(source) == ["old", "arn:lattice"]


PINNED = [tag("bluegreen:pinned-minimum", "1"), tag("bluegreen:pinned-maximum", "4")]


@pytest.mark.parametrize(
    ("tags", "headroom", "size", "warned"),
    [
        ([], 0, (2, 6, 5), False),
        ([], 20, (2, 6, 6), False),
        ([], 21, (2, 6, 6), True),
        (PINNED, 0, (1, 4, 4), True),
    ],
    ids=["as it is", "headroom", "more headroom than there is", "pinned: what was before"],
)
def test_the_size_is_what_is_live_within_the_sources_own_bounds(
    tags: list[dict[str, Any]], headroom: int, size: tuple[int, int, int], warned: bool
) -> None:
    source = group(Tags=tags)
    found = Size.read(source, headroom)
    assert (found.minimum, found.maximum, found.desired) == size
    assert bool(found.warnings(source, scales=True)) == warned


@pytest.mark.parametrize(("headroom", "scales", "warned"), [(20, False, True), (20, True, False), (0, False, False)])
def test_headroom_that_nothing_takes_back_is_warned_of(headroom: int, scales: bool, warned: bool) -> None:
    source = group(DesiredCapacity=10, MaxSize=40)
    said = " ".join(Size.read(source, headroom).warnings(source, scales=scales))
    assert ("stays at 12 instances instead of 10, and each release adds to that" in said) == warned


@pytest.mark.parametrize(
    ("live", "headroom", "wanted"), [(10, 20, 12), (3, 20, 4), (1, 1, 2), (5, 0, 5), (100, 7, 107)]
)
def test_headroom_is_rounded_up(live: int, headroom: int, wanted: int) -> None:
    assert Size.read(group(DesiredCapacity=live, MaxSize=1000), headroom).desired == wanted


@pytest.mark.parametrize(
    ("differs", "ours"),
    [
        ({}, True),
        ({"Tags": [tag("bluegreen:service", "web"), tag("bluegreen:run", "another")]}, False),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "8"}}, False),
        ({"TargetGroupARNs": ["arn:other"]}, False),
        ({"Status": "Delete in progress"}, False),
    ],
    ids=["the same", "another run's", "another version", "another target group", "one that is being deleted"],
)
def test_a_group_of_the_name_came_of_a_request_whose_answer_was_lost(differs: dict[str, Any], ours: bool) -> None:
    made = asked(group())
    described = group(LaunchTemplate={**LAUNCH["LaunchTemplate"], "LaunchTemplateName": "web"})
    described |= {
        "TargetGroupARNs": made["TargetGroupARNs"],
        "TrafficSources": [],
        "Tags": [*made["Tags"], tag("added-by-aws")],
    }
    assert came_of(described | differs, made) == ours
