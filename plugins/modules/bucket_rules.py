# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets a bucket take requests by TLS only, and remove what is old."""

from __future__ import annotations

DOCUMENTATION = r"""
module: bucket_rules
version_added: 1.0.0
short_description: Require TLS for a bucket, and expire what a store keeps in it
description:
  - Makes an S3 bucket fit for a store, as far as M(amazon.aws.s3_bucket) does not.
  - Role P(switchyard.bluegreen.store#role) uses both.
  - Adds a statement to the bucket's policy that denies every request without TLS, and a lifecycle rule for the store's
    prefix. Other statements and rules stay as they are.
options:
  url:
    description: The store, as V(s3://bucket/prefix). The bucket must exist.
    type: str
    required: true
  keep_days:
    description: After how many days S3 removes what was not written again since. With V(0) it never does.
    type: int
    default: 400
  keep_versions_days:
    description: After how many days S3 removes what was overwritten or deleted, in a bucket with versioning.
    type: int
    default: 30
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - switchyard.bluegreen.module
notes:
  - Needs the permissions C(s3:GetBucketPolicy), C(s3:PutBucketPolicy), C(s3:GetLifecycleConfiguration) and
    C(s3:PutLifecycleConfiguration).
  - In check mode, a bucket that does not exist is one that a task before would have made.
author:
  - The switchyard.bluegreen contributors (@switchyard)
"""

EXAMPLES = r"""
- name: Let the records of releases expire after two years
  switchyard.bluegreen.bucket_rules:
    url: s3://example-releases/bluegreen
    keep_days: 730
"""

RETURN = r"""
policy:
  description: The bucket's policy.
  returned: success
  type: dict
  sample:
    Version: "2012-10-17"
    Statement:
      - Sid: BluegreenRequiresTls
        Effect: Deny
        Principal: "*"
        Action: s3:*
        Resource: ["arn:aws:s3:::example-releases", "arn:aws:s3:::example-releases/*"]
        Condition: {Bool: {"aws:SecureTransport": "false"}}
rules:
  description: The bucket's lifecycle rules.
  returned: success
  type: list
  elements: dict
  sample:
    - ID: bluegreen bluegreen/
      Status: Enabled
      Filter: {Prefix: bluegreen/}
      NoncurrentVersionExpiration: {NoncurrentDays: 30}
      Expiration: {Days: 400}
"""

from ..module_utils._args.store.bucket import BucketOptions
from ..module_utils._module import run_module
from ..module_utils._ops.store.bucket import bucket_rules


def main() -> None:
    run_module(BucketOptions, bucket_rules)


if __name__ == "__main__":
    main()
