# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and roles of the lab's IAM."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .policy import Policy


def make_user(iam: Any, name: str, *documents: Mapping[str, Any]) -> dict[str, str]:
    """With these managed policies; its keys, as they are in the environment of a client."""
    iam.create_user(UserName=name)
    for number, document in enumerate(documents, 1):
        Policy.of(document)  # refused now, and not when it is first asked
        made = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=json.dumps(document))
        iam.attach_user_policy(UserName=name, PolicyArn=made["Policy"]["Arn"])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def make_role(iam: Any, name: str, *documents: Mapping[str, Any]) -> str:
    """With these policies; its ARN. Anybody may take it on, signed in by AWS or elsewhere."""
    anybody = {"Principal": {"AWS": "*", "Federated": "accounts.google.com"}, "Effect": "Allow"}
    actions = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"]
    trust = {"Version": "2012-10-17", "Statement": [anybody | {"Action": actions}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    for number, document in enumerate(documents, 1):
        Policy.of(document)
        iam.put_role_policy(RoleName=name, PolicyName=f"{name}-{number}", PolicyDocument=json.dumps(document))
    return str(role["Arn"])
