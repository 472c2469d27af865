# SPDX-License-Identifier: GPL-3.0-or-later
"""Twins of target groups, compared by what AWS tells of both."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made

ATTRIBUTES = {
    "deregistration_delay.timeout_seconds": "42",
    "stickiness.enabled": "true",
    "stickiness.lb_cookie.duration_seconds": "600",
    "load_balancing.algorithm.type": "least_outstanding_requests",
}
TAGS = {"team": "web", "bluegreen:stable": "blue", "bluegreen:service": "web"}


@pytest.fixture
def source(scene: Scene) -> str:
    """The ARN of a target group with nothing left at its default."""
    arn = scene.target_group(
        Port=8181,
        ProtocolVersion="HTTP2",
        HealthCheckPort="9090",
        HealthyThresholdCount=7,
        Matcher={"HttpCode": "200-204"},
        Tags=listed(TAGS),
    )
    scene.elbv2.modify_target_group_attributes(TargetGroupArn=arn, Attributes=listed(ATTRIBUTES))
    return arn


def listed(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def looks(scene: Scene, arn: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Everything that AWS tells of a target group, but its name and tags."""
    (described,) = scene.elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
    attributes = scene.elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    own = {"TargetGroupArn", "TargetGroupName"}
    return (
        {key: value for key, value in described.items() if key not in own},
        {attribute["Key"]: attribute["Value"] for attribute in attributes},
    )


def tags(scene: Scene, arn: str) -> dict[str, str]:
    (described,) = scene.elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
    return {tag["Key"]: tag["Value"] for tag in described["Tags"]}


def test_the_twin_is_told_of_as_the_source_is(ask: Ask, scene: Scene, source: str, made: Made) -> None:
    name = scene.name("twin")
    made()
    reported = ask("target_group_clone", source=source, name=name, check=True)
    assert (reported["changed"], reported["target_group"], made("write")) == (True, {"arn": None, "name": name}, [])
    assert (reported["diff"]["before"], reported["diff"]["after"]["settings"]["Port"]) == ({}, 8181)

    cloned = ask("target_group_clone", source=source, name=name)
    assert made("write") == ["CreateTargetGroup", "ModifyTargetGroupAttributes"]
    twin = cloned["target_group"]["arn"]
    assert looks(scene, twin) == looks(scene, source)
    assert tags(scene, twin) == {"team": "web"}

    again = ask("target_group_clone", source=source, name=name)
    assert (again["changed"], again["target_group"], made("write")) == (False, cloned["target_group"], [])
    assert again["diff"]["before"] == again["diff"]["after"]


def test_only_attributes_with_other_than_their_default_values_are_sent(ask: Ask, scene: Scene, made: Made) -> None:
    plain = scene.target_group(delay=300)
    made()
    ask("target_group_clone", source=plain, name=scene.name("twin"))
    assert made("write") == ["CreateTargetGroup"]


def test_one_that_exists_is_brought_into_line_and_keeps_what_is_its_own(
    ask: Ask, scene: Scene, source: str, made: Made
) -> None:
    """As a run leaves it that was killed after the creation, or a person who made it by hand."""
    name = scene.name("twin")
    twin = scene.elbv2.create_target_group(
        Name=name,
        Protocol="HTTP",
        ProtocolVersion="HTTP2",
        Port=8181,
        VpcId=scene.vpc,
        HealthCheckPath="/",
        Matcher={"HttpCode": "200-204"},
        Tags=listed({"owner": "me"}),
    )["TargetGroups"][0]["TargetGroupArn"]
    made()
    reported = ask("target_group_clone", source=source, name=name, check=True)
    assert (reported["changed"], reported["target_group"]["arn"], made("write")) == (True, twin, [])
    assert ask("target_group_clone", source=source, name=name)["changed"]
    assert made("write") == ["ModifyTargetGroup", "ModifyTargetGroupAttributes", "AddTags"]
    assert looks(scene, twin) == looks(scene, source)
    assert tags(scene, twin) == {"owner": "me", "team": "web"}
    assert not ask("target_group_clone", source=source, name=name)["changed"]


def test_a_target_group_of_lambda_functions_has_a_twin_too(ask: Ask, scene: Scene) -> None:
    source = scene.elbv2.create_target_group(Name=scene.name("targets"), TargetType="lambda")
    arn = source["TargetGroups"][0]["TargetGroupArn"]
    twin = ask("target_group_clone", source=arn, name=scene.name("twin"))["target_group"]["arn"]
    assert looks(scene, twin) == looks(scene, arn)


def test_what_cannot_be_is_said_before_anything_is_written(ask: Ask, scene: Scene, source: str, made: Made) -> None:
    other = scene.target_group(Port=9999).split("/")[1]
    cases = {
        (source, other): f"{other} exists and is no copy",
        (source, "web-"): "'web-' is no name for a target group",
        (source, source.split("/")[1]): "cannot be its own copy",
        ("nowhere", "web-green"): "There is no target group nowhere",
    }
    made()
    for (asked, name), said in cases.items():
        result = ask("target_group_clone", source=asked, name=name)
        assert result["failed"]
        assert said in result["msg"]
    assert made("write") == []
