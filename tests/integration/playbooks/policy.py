# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM policies in docs/, held against the calls that were made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tests.playing import ROOT

# IAM's prefixes, where they are not the service's name.
PREFIXES = {"elbv2": "elasticloadbalancing", "monitoring": "cloudwatch"}
# Its actions, where they are not the operation's name ("Required permissions for Amazon S3 API operations").
ACTIONS = {
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBucketInventoryConfigurations": "s3:GetInventoryConfiguration",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}


def not_allowed(calls: Iterable[Mapping[str, Any]], *policies: str) -> set[str]:
    """The actions of these calls that none of the policies allows."""
    made = {f"{PREFIXES.get(call['service'], call['service'])}:{call['operation']}" for call in calls}
    needed = {ACTIONS.get(each, each) for each in made}
    return needed - {action for policy in policies for action in actions(policy)}


def actions(policy: str) -> set[str]:
    document = json.loads((ROOT / "docs" / policy).read_text(encoding="utf-8"))
    found: set[str] = set()
    for statement in document["Statement"]:
        listed = statement["Action"]
        found |= {listed} if isinstance(listed, str) else set(listed)
    return found
