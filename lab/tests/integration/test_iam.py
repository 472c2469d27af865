# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies are enforced on users of the lab's IAM, and not on its administrator."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene

Statement = dict[str, Any]
ALL: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DONE = ("", 0, "")
REGION, ACCOUNT = "eu-west-1", "123456789012"


class User:
    def __init__(self, lab: LabProcess, *statements: Statement) -> None:
        policy = {"Version": "2012-10-17", "Statement": [ALL | each for each in statements]}
        self._env = lab.user(f"user-{uuid4().hex[:8]}", policy)

    def refused(self, service: str, operation: str, **parameters: Any) -> tuple[str, int, str]:
        """The code, the HTTP status and the sentence; empty where it was done."""
        client = boto3.client(
            service,
            endpoint_url=self._env["AWS_ENDPOINT_URL"],
            region_name=REGION,
            aws_access_key_id=self._env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self._env["AWS_SECRET_ACCESS_KEY"],
        )
        try:
            getattr(client, operation)(**parameters)
        except ClientError as error:
            details = error.response["Error"]
            return details["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"], details["Message"]
        return DONE


MakeUser = Callable[..., User]


@pytest.fixture
def user(lab: LabProcess) -> MakeUser:
    return lambda *statements: User(lab, *statements)


def group(template: str, **more: Any) -> dict[str, Any]:
    """An empty one."""
    launched = {"LaunchTemplateId": template, "Version": "1"}
    sizes = {"MinSize": 0, "MaxSize": 0, "AvailabilityZones": [f"{REGION}a"]}
    return {"AutoScalingGroupName": f"g-{uuid4().hex[:8]}", "LaunchTemplate": launched, **sizes, **more}


def template_of(scene: Scene, **data: Any) -> str:
    made = scene.ec2.create_launch_template(LaunchTemplateName=scene.name("template"), LaunchTemplateData=data)
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "status"),
    [
        ("elbv2", "describe_rules", {"ListenerArn": "arn"}, "AccessDenied", 403),
        ("autoscaling", "describe_policies", {}, "AccessDenied", 403),
        ("ec2", "describe_images", {}, "UnauthorizedOperation", 403),
        ("cloudwatch", "describe_alarms", {"AlarmNames": ["a"]}, "AccessDenied", 403),
        ("route53", "get_change", {"Id": "C1"}, "AccessDenied", 403),
        ("s3", "get_object", {"Bucket": "releases", "Key": "a"}, "AccessDenied", 403),
        ("sns", "publish", {"TopicArn": "arn:aws:sns:eu-west-1:1:a", "Message": "a"}, "AuthorizationError", 403),
        ("ssm", "get_parameter", {"Name": "/images/a"}, "AccessDeniedException", 400),
        ("scheduler", "list_schedules", {}, "AccessDeniedException", 403),
        ("service-quotas", "get_service_quota", {"ServiceCode": "a", "QuotaCode": "b"}, "AccessDeniedException", 400),
        ("iam", "get_role", {"RoleName": "a"}, "AccessDenied", 403),
    ],
)
def test_each_service_has_a_denial_of_its_own(
    user: MakeUser, service: str, operation: str, parameters: dict[str, Any], code: str, status: int
) -> None:
    nobody = user({"Action": "sts:*"})
    assert nobody.refused(service, operation, **parameters)[:2] == (code, status)
    assert user({}).refused(service, operation, **parameters)[0] != code


def test_the_sentence_names_caller_action_and_resource(user: MakeUser, scene: Scene) -> None:
    arn, action = scene.target_group(), "elasticloadbalancing:ModifyTargetGroup"
    _code, _status, sentence = user({"Action": "sts:*"}).refused("elbv2", "modify_target_group", TargetGroupArn=arn)
    assert sentence.startswith(f"User: arn:aws:iam::{ACCOUNT}:user/user-")
    assert sentence.endswith(
        f" is not authorized to perform: {action} on resource: {arn} because no identity-based policy allows the "
        f"{action} action"
    )
    _code, _status, sentence = user({}, {"Effect": "Deny", "Action": "ec2:*"}).refused("ec2", "describe_images")
    assert sentence.endswith("perform: ec2:DescribeImages with an explicit deny in an identity-based policy.")


def test_a_resource_is_known_by_its_tags(user: MakeUser, scene: Scene, lab: LabProcess) -> None:
    mine, other = scene.target_group(), scene.target_group()
    scene.elbv2.add_tags(ResourceArns=[mine], Tags=[{"Key": "owner", "Value": "me"}])
    caller = user({"Condition": {"StringEquals": {"aws:ResourceTag/owner": "me"}}})
    assert caller.refused("elbv2", "modify_target_group", TargetGroupArn=mine, HealthCheckPath="/") == DONE
    assert caller.refused("elbv2", "modify_target_group", TargetGroupArn=other, HealthCheckPath="/")[1] == 403
    (asked,) = [each for call in lab.calls() for each in call["asked"] if each["resource"] == mine]
    assert asked["action"] == "elasticloadbalancing:ModifyTargetGroup"
    assert asked["context"]["aws:ResourceTag/owner"] == ["me"]


def test_tags_that_a_call_gives(user: MakeUser, scene: Scene) -> None:
    arn = scene.target_group()
    ours = {"ForAllValues:StringLike": {"aws:TagKeys": "bluegreen:*"}}
    caller = user({"Action": "elasticloadbalancing:*Tags", "Condition": ours})
    own, others = [{"Key": "bluegreen:color", "Value": "blue"}], [{"Key": "owner", "Value": "me"}]
    assert caller.refused("elbv2", "add_tags", ResourceArns=[arn], Tags=own) == DONE
    assert caller.refused("elbv2", "add_tags", ResourceArns=[arn], Tags=[*own, *others])[1] == 403
    assert caller.refused("elbv2", "remove_tags", ResourceArns=[arn], TagKeys=["owner"])[1] == 403


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


def test_signing_in_by_cognito_asks_for_the_client(user: MakeUser, scene: Scene) -> None:
    target_group = scene.target_group()
    balancer = scene.load_balancer()
    listener = scene.listener({target_group: 100}, balancer, 443, **scene.secure(balancer))
    pool = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_a"
    sign_in = {"UserPoolArn": pool, "UserPoolClientId": "web", "UserPoolDomain": "web"}
    actions = [
        {"Type": "authenticate-cognito", "Order": 1, "AuthenticateCognitoConfig": sign_in},
        {"Type": "forward", "Order": 2, "TargetGroupArn": target_group},
    ]
    given, balances = {"ListenerArn": listener, "DefaultActions": actions}, {"Action": "elasticloadbalancing:*"}
    sentence = user(balances).refused("elbv2", "modify_listener", **given)[2]
    assert f"cognito-idp:DescribeUserPoolClient on resource: {pool} because" in sentence
    asks = {"Action": "cognito-idp:DescribeUserPoolClient", "Resource": pool}
    assert user(balances, asks).refused("elbv2", "modify_listener", **given) == DONE


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
    sentence = User(fresh, builds).refused("autoscaling", "create_auto_scaling_group", **group(template))[2]
    assert "iam:CreateServiceLinkedRole on resource" in sentence
    makes = {
        "Action": "iam:CreateServiceLinkedRole",
        "Resource": "arn:aws:iam::*:role/aws-service-role/autoscaling.amazonaws.com/*",
        "Condition": {"StringEquals": {"iam:AWSServiceName": "autoscaling.amazonaws.com"}},
    }
    assert User(fresh, builds, makes).refused("autoscaling", "create_auto_scaling_group", **group(template)) == DONE
    assert User(fresh, builds).refused("autoscaling", "create_auto_scaling_group", **group(template)) == DONE


def test_the_keys_that_the_lab_gives_out_have_its_policy(tmp_path: Any) -> None:
    policy = tmp_path / "reader.json"
    statement = ALL | {"Action": "autoscaling:Describe*"}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), encoding="utf-8")
    with LabProcess(seed=False, policy=policy) as lab:
        script = "import boto3; print(boto3.client('autoscaling').describe_policies()['ScalingPolicies']); " + (
            "boto3.client('ec2').describe_images()"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], env=lab.env, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.stdout.strip() == "[]"
    assert "user/reader is not authorized to perform: ec2:DescribeImages" in done.stderr
