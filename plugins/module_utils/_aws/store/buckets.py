# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy and lifecycle of an S3 bucket: one function, one API call."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..base.errors import AwsError, doing

Client = Any
Item = dict[str, Any]


def arn_of(client: Client, bucket: str) -> str:
    return f"arn:{client.meta.partition}:s3:::{bucket}"


def get_policy(client: Client, bucket: str) -> Item:
    """Empty when there is none."""
    try:
        with doing(f"reading the policy of bucket {bucket}"):
            return dict(json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"]))
    except AwsError as error:
        if error.code == "NoSuchBucketPolicy":
            return {}
        raise


def put_policy(client: Client, bucket: str, policy: Mapping[str, Any]) -> None:
    with doing(f"writing the policy of bucket {bucket}"):
        client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def get_lifecycle(client: Client, bucket: str) -> Item:
    """``Rules``, and what else PutBucketLifecycleConfiguration would reset."""
    try:
        with doing(f"reading the lifecycle rules of bucket {bucket}"):
            answer = client.get_bucket_lifecycle_configuration(Bucket=bucket)
    except AwsError as error:
        if error.code == "NoSuchLifecycleConfiguration":
            return {"Rules": []}
        raise
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def put_lifecycle(
    client: Client, bucket: str, lifecycle: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]
) -> None:
    """In the place of ``lifecycle``, as it was read, with these ``rules``."""
    others = {key: value for key, value in lifecycle.items() if key != "Rules"}
    with doing(f"writing the lifecycle rules of bucket {bucket}"):
        client.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": list(rules)}, **others
        )
