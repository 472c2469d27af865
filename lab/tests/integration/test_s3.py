# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon S3: conditional writes and deletes, buckets of other regions, and faults in S3's own words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, refusal
from switchyard_lab.settings import REGION


class Bucket:
    def __init__(self, lab: LabProcess, *, versioned: bool = True) -> None:
        self.client, self.name = lab.client("s3"), Scene.name("bucket")
        self.client.create_bucket(Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if versioned:
            enabled = {"Status": "Enabled"}
            self.client.put_bucket_versioning(Bucket=self.name, VersioningConfiguration=enabled)

    def put(self, body: str = "text", **condition: str) -> str:
        return str(self.client.put_object(Bucket=self.name, Key="web/lease.json", Body=body, **condition)["ETag"])

    def delete(self, **condition: str) -> None:
        self.client.delete_object(Bucket=self.name, Key="web/lease.json", **condition)

    def get(self) -> str:
        return str(self.client.get_object(Bucket=self.name, Key="web/lease.json")["Body"].read().decode())


@pytest.fixture(params=[True, False], ids=["versioned", "plain"])
def bucket(lab: LabProcess, request: pytest.FixtureRequest) -> Bucket:
    return Bucket(lab, versioned=request.param)


def test_a_new_object_is_written_once(bucket: Bucket) -> None:
    """ "If-None-Match" in "How to prevent object overwrites with conditional writes", user guide."""
    bucket.put("first", IfNoneMatch="*")
    assert refusal(bucket.put, IfNoneMatch="*") == "PreconditionFailed"
    bucket.delete()
    bucket.put("again", IfNoneMatch="*")
    assert bucket.get() == "again"
    assert refusal(bucket.put, IfNoneMatch='"abc"') == "NotImplemented"


def test_an_object_is_overwritten_when_its_etag_is_the_one_that_was_read(bucket: Bucket) -> None:
    """ "If-Match", the same page: 412 for another ETag, 404 where there is no object, or a delete marker."""
    assert refusal(bucket.put, IfMatch='"abc"') == "NoSuchKey"
    first = bucket.put("first")
    second = bucket.put("second", IfMatch=first)
    assert refusal(bucket.put, IfMatch=first) == "PreconditionFailed"
    bucket.delete()
    assert refusal(bucket.put, IfMatch=second) == "NoSuchKey"


def test_an_object_is_deleted_when_its_etag_is_the_one_that_was_read(bucket: Bucket) -> None:
    """ "How to perform conditional deletes" in the user guide."""
    first = bucket.put("first")
    second = bucket.put("second")
    assert refusal(bucket.delete, IfMatch=first) == "PreconditionFailed"
    bucket.delete(IfMatch=second)
    assert refusal(bucket.get) == "NoSuchKey"
    assert refusal(bucket.delete, IfMatch=second) == "NoSuchKey"
    bucket.delete()  # without a condition, what is gone is fine


def test_of_twenty_writers_at_once_one_succeeds(bucket: Bucket) -> None:
    def attempt(number: int) -> str:
        try:
            return bucket.put(str(number), IfNoneMatch="*")
        except ClientError as error:
            return str(error.response["Error"]["Code"])

    with ThreadPoolExecutor(max_workers=20) as pool:
        answers = list(pool.map(attempt, range(20)))
    assert answers.count("PreconditionFailed") == 19
    assert answers[int(bucket.get())] != "PreconditionFailed"


@pytest.mark.parametrize(
    ("error", "status", "attempts"),
    [("ConditionalRequestConflict", 409, 1), ("SlowDown", 503, 2), ("InternalError", 500, 2), ("AccessDenied", 403, 1)],
)
def test_faults_come_as_s3_sends_them(lab: LabProcess, bucket: Bucket, error: str, status: int, attempts: int) -> None:
    """What is throttled or broken is tried again by botocore, a conflict is not."""
    lab.fault(operation="PutObject", error=error)
    began = time.time()
    if attempts == 1:
        assert refusal(bucket.put) == error
    else:
        bucket.put()
    calls = [call["status"] for call in lab.calls(began) if call["operation"] == "PutObject"]
    assert calls == [status, 200][:attempts]


def test_a_connection_that_is_reset_has_done_nothing(lab: LabProcess, bucket: Bucket) -> None:
    lab.fault(operation="PutObject", reset=True)
    bucket.put("first", IfNoneMatch="*")
    lab.fault(operation="PutObject", lost=True)
    assert refusal(bucket.put, IfNoneMatch="*") == "PreconditionFailed"


def test_a_client_of_another_region_is_sent_to_the_bucket(lab: LabProcess, bucket: Bucket) -> None:
    bucket.put("here")
    began = time.time()
    options = {"aws_access_key_id": "lab", "aws_secret_access_key": "lab", "endpoint_url": lab.endpoint}
    far = boto3.client("s3", region_name="us-west-2", config=Config(user_agent_extra="far"), **options)
    for _time in range(2):
        assert far.get_object(Bucket=bucket.name, Key="web/lease.json")["Body"].read() == b"here"
    calls = [call["status"] for call in lab.calls(began) if call["user_agent"].endswith("far")]
    assert calls == [301, 200, 200]


def test_a_policy_that_demands_tls_lets_the_lab_in(bucket: Bucket) -> None:
    def statement(condition: dict[str, Any]) -> str:
        denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", **condition}
        return json.dumps({"Version": "2012-10-17", "Statement": [denied]})

    put_policy: Callable[..., Any] = bucket.client.put_bucket_policy
    put_policy(Bucket=bucket.name, Policy=statement({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}))
    bucket.put()
    put_policy(Bucket=bucket.name, Policy=statement({}))
    assert refusal(bucket.put) == "403"  # AccessDenied, which moto leaves out with the rest of the body
