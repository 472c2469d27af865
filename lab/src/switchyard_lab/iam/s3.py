# SPDX-License-Identifier: GPL-3.0-or-later
"""What calls of Amazon S3 ask ("Actions, resources, and condition keys for Amazon S3")."""

from __future__ import annotations

from moto.s3.models import FakeDeleteMarker, s3_backends

from .call import ApiCall
from .policy import Question

# "Required permissions for Amazon S3 API operations": the actions that are not called as their operations are.
ACTIONS = {
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
READS = ("GetObject", "HeadObject")


def questions(call: ApiCall) -> list[Question]:
    """Who may not list a bucket is not told that an object is missing: "If you don't have the s3:ListBucket permission,
    Amazon S3 returns an HTTP status code 403 Access Denied error" (GetObject, HeadObject in the API reference). To
    compare an ETag is to read: "conditional deletes with a specific ETag value require both s3:DeleteObject and
    s3:GetObject permissions" ("Enforce conditional deletes on Amazon S3 buckets" in the user guide; writes as well)."""
    given = call.parameters
    bucket, key = given.get("Bucket"), given.get("Key")
    arn = f"arn:aws:s3:::{bucket}{f'/{key}' if key else ''}" if bucket else "*"
    context = {"s3:prefix": [given["Prefix"]]} if given.get("Prefix") else {}
    asked = [call.ask(arn, context, ACTIONS.get(call.operation, ""))]
    if given.get("IfMatch", "*") != "*" and call.operation not in READS:
        asked.append(call.ask(arn, action="GetObject"))
    if call.operation in READS and _is_missing(str(bucket), str(key)):
        asked.append(call.ask(f"arn:aws:s3:::{bucket}", action="ListBucket"))
    return asked


def _is_missing(bucket: str, key: str) -> bool:
    """From a bucket that is there."""
    if bucket not in s3_backends.bucket_accounts:
        return False
    partition, account = s3_backends.bucket_accounts[bucket]
    found = s3_backends[account][partition].buckets[bucket].keys.get(key)
    return found is None or isinstance(found, FakeDeleteMarker)
