# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of the lab's IAM."""

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
