# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group asks for besides its own action: what its template launches with, and the roles that it passes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene

from .callers import ACCOUNT, DONE, REGION, Caller, MakeUser


def group(template: str, **more: Any) -> dict[str, Any]:
    """An empty one."""
    launched = {"LaunchTemplateId": template, "Version": "1"}
    sizes = {"MinSize": 0, "MaxSize": 0, "AvailabilityZones": [f"{REGION}a"]}
    return {"AutoScalingGroupName": f"g-{uuid4().hex[:8]}", "LaunchTemplate": launched, **sizes, **more}


def template_of(scene: Scene, **data: Any) -> str:
    made = scene.ec2.create_launch_template(LaunchTemplateName=scene.name("template"), LaunchTemplateData=data)
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def profile(lab: LabProcess, role: str) -> str:
    """An instance profile with this role."""
    iam, name = lab.client("iam"), f"profile-{uuid4().hex[:8]}"
    iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
    return name


def test_a_group_of_a_template_asks_whether_the_caller_could_launch_from_it(
    user: MakeUser, scene: Scene, lab: LabProcess
) -> None:
    template = template_of(
        scene,
        ImageId=scene.image(release="1"),
        InstanceType="t3.small",
        IamInstanceProfile={"Name": profile(lab, "web")},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "shop"}]}],
    )
    from_a_template = {"ArnLike": {"ec2:LaunchTemplate": "arn:aws:ec2:*:*:launch-template/*"}}
    needed = [
        {"Action": "autoscaling:CreateAutoScalingGroup"},
        {"Action": "ec2:RunInstances", "Condition": from_a_template},
        {"Action": "ec2:CreateTags", "Condition": {"StringEquals": {"ec2:CreateAction": "RunInstances"}}},
        {
            "Action": "iam:PassRole",
            "Resource": "arn:aws:iam::*:role/web",
            "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        },
    ]
    for number in range(1, len(needed)):
        less = user(*needed[:number], *needed[number + 1 :])
        denied = less.refused("autoscaling", "create_auto_scaling_group", **group(template))
        assert denied == ("AccessDenied", 403, f"You are not authorized to use launch template: {template}")
    assert user(*needed).refused("autoscaling", "create_auto_scaling_group", **group(template)) == DONE


def test_a_version_that_does_not_exist_is_refused_as_such(user: MakeUser, scene: Scene) -> None:
    builds, template, existing = user({"Action": ["autoscaling:*", "ec2:*"]}), scene.template(), scene.group(0)
    launched = {"LaunchTemplateId": template, "Version": "99"}
    policy = {"LaunchTemplate": {"LaunchTemplateSpecification": launched}}
    named = {"AutoScalingGroupName": existing}
    for operation, asked in (
        ("create_auto_scaling_group", group(template, LaunchTemplate=launched)),
        ("update_auto_scaling_group", {**named, "LaunchTemplate": launched}),
        ("update_auto_scaling_group", {**named, "MixedInstancesPolicy": policy}),
        ("start_instance_refresh", {**named, "DesiredConfiguration": {"LaunchTemplate": launched}}),
    ):
        code, status, sentence = builds.refused("autoscaling", operation, **asked)
        assert (code, status) == ("ValidationError", 400)
        assert "launch template" in sentence
    asked = {"LaunchTemplateId": template, "Versions": ["99"], "ResolveAlias": True}
    assert builds.refused("ec2", "describe_launch_template_versions", **asked)[1] == 400


def test_an_image_that_is_a_parameter_asks_for_it(user: MakeUser, scene: Scene) -> None:
    data = {"ImageId": "resolve:ssm:/images/shop", "InstanceType": "t3.small"}
    template, launches = template_of(scene, **data), {"Action": ["autoscaling:*", "ec2:*"]}
    made = {"LaunchTemplateName": scene.name("template"), "LaunchTemplateData": data}
    assert user(launches).refused("autoscaling", "create_auto_scaling_group", **group(template))[1] == 403
    assert user(launches).refused("ec2", "create_launch_template", **made)[1] == 403
    resolves = {"Action": "ssm:GetParameters", "Resource": "arn:aws:ssm:*:*:parameter/images/*"}
    assert user(launches, resolves).refused("ec2", "create_launch_template", **made) == DONE


@pytest.mark.parametrize(
    ("more", "passed"),
    [
        (
            {
                "LifecycleHookSpecificationList": [
                    {
                        "LifecycleHookName": "drain",
                        "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
                        "NotificationTargetARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:drain",
                        "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/hooks",
                    }
                ]
            },
            f"arn:aws:iam::{ACCOUNT}:role/hooks",
        ),
        (
            {
                "ServiceLinkedRoleARN": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/"
                "AWSServiceRoleForAutoScaling_keys"
            },
            f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_keys",
        ),
    ],
)
def test_roles_of_a_group_are_passed(user: MakeUser, scene: Scene, more: dict[str, Any], passed: str) -> None:
    given = group(scene.template(), **more)
    builds = {"Action": ["autoscaling:*", "ec2:*"]}
    sentence = user(builds).refused("autoscaling", "create_auto_scaling_group", **given)[2]
    assert f"iam:PassRole on resource: {passed} because" in sentence
    to_service = {"StringEquals": {"iam:PassedToService": "autoscaling.amazonaws.com"}}
    passes = {"Action": "iam:PassRole", "Resource": passed, "Condition": to_service}
    assert user(builds, passes).refused("autoscaling", "create_auto_scaling_group", **given) == DONE


@pytest.fixture(scope="module")
def fresh() -> Iterator[LabProcess]:
    """An account in which nothing was ever made."""
    with LabProcess(seed=False) as process:
        yield process


def test_the_first_group_of_an_account_makes_the_service_linked_role(fresh: LabProcess) -> None:
    ec2, builds = fresh.client("ec2"), {"Action": ["autoscaling:*", "ec2:*"]}
    data = {"ImageId": ec2.register_image(Name="first")["ImageId"], "InstanceType": "t3.small"}
    made = ec2.create_launch_template(LaunchTemplateName="first", LaunchTemplateData=data)
    template = str(made["LaunchTemplate"]["LaunchTemplateId"])
    sentence = Caller.user(fresh, builds).refused("autoscaling", "create_auto_scaling_group", **group(template))[2]
    assert "iam:CreateServiceLinkedRole on resource" in sentence
    makes = {
        "Action": "iam:CreateServiceLinkedRole",
        "Resource": "arn:aws:iam::*:role/aws-service-role/autoscaling.amazonaws.com/*",
        "Condition": {"StringEquals": {"iam:AWSServiceName": "autoscaling.amazonaws.com"}},
    }
    assert (
        Caller.user(fresh, builds, makes).refused("autoscaling", "create_auto_scaling_group", **group(template)) == DONE
    )
    assert Caller.user(fresh, builds).refused("autoscaling", "create_auto_scaling_group", **group(template)) == DONE
