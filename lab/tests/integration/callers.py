# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and sessions of the lab's IAM, and how they are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import boto3
from botocore.exceptions import ClientError

from switchyard_lab.client import LabProcess

Statement = dict[str, Any]
ALL: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DONE = ("", 0, "")
REGION, ACCOUNT = "eu-west-1", "123456789012"


def policy(*statements: Statement) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [ALL | each for each in statements]}


class Caller:
    """``keys``: as AWS's clients take them from the environment."""

    def __init__(self, lab: LabProcess, keys: Mapping[str, str]) -> None:
        self.keys = keys
        self._endpoint = lab.endpoint

    @classmethod
    def user(cls, lab: LabProcess, *statements: Statement) -> Caller:
        return cls(lab, lab.user(f"user-{uuid4().hex[:8]}", policy(*statements)))

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id=self.keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self.keys.get("AWS_SESSION_TOKEN"),
        )

    def refused(self, service: str, operation: str, **parameters: Any) -> tuple[str, int, str]:
        """The code, the HTTP status and the sentence; empty where it was done."""
        try:
            getattr(self.client(service), operation)(**parameters)
        except ClientError as error:
            details = error.response["Error"]
            return details["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"], details["Message"]
        return DONE


MakeUser = Callable[..., Caller]
