# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies are enforced on users of the lab's IAM, and not on its administrator."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene

from .callers import ACCOUNT, DONE, REGION, MakeUser, policy


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


@pytest.mark.parametrize(
    ("resource", "shown"), [("*", True), (f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*", False)]
)
def test_composite_alarms_are_shown_to_those_who_may_describe_everything(
    user: MakeUser, scene: Scene, lab: LabProcess, resource: str, shown: bool
) -> None:
    name, cloudwatch = scene.name("alarm"), lab.client("cloudwatch")
    cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule="FALSE")
    found = (
        user({"Action": "cloudwatch:DescribeAlarms", "Resource": resource})
        .client("cloudwatch")
        .describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    )
    assert [each["AlarmName"] for each in found["CompositeAlarms"]] == [name] * shown
    cloudwatch.delete_alarms(AlarmNames=[name])


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


def test_who_may_not_list_a_bucket_is_not_told_what_is_missing(user: MakeUser, lab: LabProcess) -> None:
    owner, bucket = lab.client("s3"), Scene.name("bucket")
    owner.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    owner.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for key in ("there", "deleted"):
        owner.put_object(Bucket=bucket, Key=key, Body="text")
    owner.delete_object(Bucket=bucket, Key="deleted")
    reads, lists = {"Action": "s3:*Object"}, {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"}
    blind, seeing = user(reads), user(reads, lists)
    assert blind.refused("s3", "get_object", Bucket=bucket, Key="there") == DONE
    for key in ("missing", "deleted"):
        asked = {"Bucket": bucket, "Key": key}
        code, status, sentence = blind.refused("s3", "get_object", **asked)
        assert (code, status) == ("AccessDenied", 403)
        assert f"perform: s3:ListBucket on resource: arn:aws:s3:::{bucket} because" in sentence
        assert blind.refused("s3", "head_object", **asked)[1] == 403
        assert seeing.refused("s3", "get_object", **asked)[:2] == ("NoSuchKey", 404)
        assert seeing.refused("s3", "head_object", **asked)[1] == 404
    nowhere = {"Bucket": Scene.name("bucket"), "Key": "missing"}
    assert blind.refused("s3", "get_object", **nowhere)[:2] == ("NoSuchBucket", 404)


def test_to_compare_an_etag_is_to_read_it(user: MakeUser, lab: LabProcess) -> None:
    owner, asked = lab.client("s3"), {"Bucket": Scene.name("bucket"), "Key": "there"}
    owner.create_bucket(Bucket=asked["Bucket"], CreateBucketConfiguration={"LocationConstraint": REGION})
    first = owner.put_object(Body="text", **asked)["ETag"]
    writes = user({"Action": ["s3:PutObject", "s3:DeleteObject"]})
    assert "s3:GetObject" in writes.refused("s3", "put_object", IfMatch=first, Body="text", **asked)[2]
    assert "s3:GetObject" in writes.refused("s3", "delete_object", IfMatch=first, **asked)[2]
    assert writes.refused("s3", "put_object", Body="text", **asked) == DONE
    assert writes.refused("s3", "put_object", Body="text", IfNoneMatch="*", **asked)[0] == "PreconditionFailed"
    assert writes.refused("s3", "delete_object", **asked) == DONE


def test_the_keys_that_the_lab_gives_out_have_its_policy(tmp_path: Any) -> None:
    path = tmp_path / "reader.json"
    path.write_text(json.dumps(policy({"Action": "autoscaling:Describe*"})), encoding="utf-8")
    with LabProcess(seed=False, policy=path) as lab:
        script = "import boto3; print(boto3.client('autoscaling').describe_policies()['ScalingPolicies']); " + (
            "boto3.client('ec2').describe_images()"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], env=lab.env, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.stdout.strip() == "[]"
    assert "user/reader is not authorized to perform: ec2:DescribeImages" in done.stderr
