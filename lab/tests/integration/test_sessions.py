# SPDX-License-Identifier: GPL-3.0-or-later
"""Temporary credentials: who gets them, whose permissions they have, and when they are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from switchyard_lab.client import LabProcess

from .callers import ACCOUNT, DONE, Caller, MakeUser, policy

OTHER_ACCOUNT = "444444444444"
READS = {"Action": "autoscaling:Describe*"}
INVALID = "The security token included in the request is invalid."


def begun(lab: LabProcess, answer: Mapping[str, Any]) -> Caller:
    given = answer["Credentials"]
    keys = {"ACCESS_KEY_ID": "AccessKeyId", "SECRET_ACCESS_KEY": "SecretAccessKey", "SESSION_TOKEN": "SessionToken"}
    return Caller(lab, {f"AWS_{name}": given[key] for name, key in keys.items()})


def assumed(lab: LabProcess, arn: str, caller: Caller | None = None) -> Caller:
    sts = caller.client("sts") if caller else lab.client("sts")
    return begun(lab, sts.assume_role(RoleArn=arn, RoleSessionName="test"))


def role_name() -> str:
    return f"role-{uuid4().hex[:8]}"


def asking(arn: str) -> dict[str, str]:
    return {"RoleArn": arn, "RoleSessionName": "test"}


def trusting(lab: LabProcess, principal: Any, **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
    made = lab.client("iam").create_role(RoleName=role_name(), AssumeRolePolicyDocument=trust)
    return str(made["Role"]["Arn"])


def test_a_session_of_a_role_has_its_policies_in_its_account(lab: LabProcess) -> None:
    for account in (ACCOUNT, OTHER_ACCOUNT):
        name = role_name()
        session = assumed(lab, lab.role(name, policy(READS), account=account))
        assert session.client("sts").get_caller_identity()["Account"] == account
        assert session.refused("autoscaling", "describe_policies") == DONE
        code, _status, sentence = session.refused("ec2", "describe_images")
        assert code == "UnauthorizedOperation"
        assert f"User: arn:aws:sts::{account}:assumed-role/{name}/test is not authorized" in sentence


@pytest.mark.parametrize("account", [ACCOUNT, OTHER_ACCOUNT, "555555555555"])
def test_a_role_that_does_not_exist_is_not_assumed(lab: LabProcess, user: MakeUser, account: str) -> None:
    arn = f"arn:aws:iam::{account}:role/nobody"
    administrator = Caller(lab, {"AWS_ACCESS_KEY_ID": "lab", "AWS_SECRET_ACCESS_KEY": "lab"})
    for caller in (administrator, user({})):
        code, status, sentence = caller.refused("sts", "assume_role", **asking(arn))
        assert (code, status) == ("AccessDenied", 403)
        assert sentence.endswith(f" is not authorized to perform: sts:AssumeRole on resource: {arn}")
    signed_in = caller.refused("sts", "assume_role_with_web_identity", WebIdentityToken="token", **asking(arn))
    assert signed_in == ("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def test_a_role_is_assumed_by_those_whom_its_trust_policy_names(lab: LabProcess, user: MakeUser) -> None:
    caller, other = user({}), user({})
    own = caller.client("sts").get_caller_identity()["Arn"]
    of_the_account = trusting(lab, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    for principal in (own, ACCOUNT, [own, OTHER_ACCOUNT], "*"):
        assert caller.refused("sts", "assume_role", **asking(trusting(lab, {"AWS": principal}))) == DONE
    for principal in (OTHER_ACCOUNT, other.client("sts").get_caller_identity()["Arn"], []):
        refused = caller.refused("sts", "assume_role", **asking(trusting(lab, {"AWS": principal})))
        assert refused[:2] == ("AccessDenied", 403)
    service = trusting(lab, {"Service": "ec2.amazonaws.com"})
    only_with = trusting(lab, "*", Condition={"StringEquals": {"sts:ExternalId": "secret"}})
    for arn in (service, only_with):
        assert caller.refused("sts", "assume_role", **asking(arn))[0] == "AccessDenied"
    assert user({"Action": "ec2:*"}).refused("sts", "assume_role", **asking(of_the_account))[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("autoscaling", "describe_policies", "InvalidClientTokenId", 403),
        ("sts", "get_caller_identity", "InvalidClientTokenId", 403),
        ("ec2", "describe_images", "AuthFailure", 401),
        ("s3", "list_buckets", "InvalidAccessKeyId", 403),
        ("scheduler", "list_schedules", "UnrecognizedClientException", 403),
    ],
)
def test_a_session_ends_with_its_role(lab: LabProcess, service: str, operation: str, code: str, status: int) -> None:
    iam, name = lab.client("iam"), role_name()
    session = assumed(lab, lab.role(name))
    iam.delete_role(RoleName=name)
    assert session.refused(service, operation)[:2] == (code, status)
    lab.role(name, policy({}))
    assert session.refused(service, operation)[:2] == (code, status)


def test_keys_of_a_session_are_nothing_without_its_token(lab: LabProcess) -> None:
    session = assumed(lab, lab.role(role_name(), policy({})))
    for token in ({}, {"AWS_SESSION_TOKEN": "of another"}):
        stranger = Caller(lab, {**session.keys, "AWS_SESSION_TOKEN": ""} | token)
        assert stranger.refused("autoscaling", "describe_policies") == ("InvalidClientTokenId", 403, INVALID)


def test_a_session_of_a_user_has_its_policies(lab: LabProcess, user: MakeUser) -> None:
    caller = user(READS)
    session = begun(lab, caller.client("sts").get_session_token())
    assert session.refused("autoscaling", "describe_policies") == DONE
    assert session.refused("elbv2", "describe_load_balancers")[0] == "AccessDenied"
    arn = [each.client("sts").get_caller_identity()["Arn"] for each in (session, caller)]
    assert arn[0] == arn[1]


def test_what_sessions_cannot_do(lab: LabProcess, user: MakeUser) -> None:
    """Whatever their policies are."""
    of_a_user = begun(lab, user({}).client("sts").get_session_token())
    of_a_role = assumed(lab, lab.role(role_name(), policy({})), of_a_user)
    assert of_a_user.refused("iam", "list_roles") == ("InvalidClientTokenId", 403, INVALID)
    assert of_a_role.refused("iam", "list_roles") == DONE
    for session in (of_a_user, of_a_role):
        assert session.refused("sts", "get_session_token")[:2] == ("AccessDenied", 403)
