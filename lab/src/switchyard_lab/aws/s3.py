# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon S3: moto compares ETags as AWS does, under the lab's lock; here is what it would let pass.

The lab's endpoint stands for one with TLS, although it speaks plain HTTP. Lifecycle rules are kept and never run, and
409 ConditionalRequestConflict comes as a fault on request.
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.iam.access_control import IAMPolicy
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}
REGION = re.compile(r"Credential=[^/]+/\d+/([^/]+)/")


class ConditionNotKnownError(S3ClientError):
    """If-None-Match "expects the '*' (asterisk) character" (PutObject in the API reference)."""

    code = "NotImplemented"

    def __init__(self) -> None:
        super().__init__("A header you provided implies functionality that is not implemented")


class LabBucket(FakeBucket):
    def __init__(self, *given: Any, **named: Any) -> None:
        """With the encryption of every new bucket ("Setting default server-side encryption behavior for Amazon S3
        buckets" in the user guide)."""
        super().__init__(*given, **named)
        self.encryption = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}

    def get_permission(self, action: str, resource: str) -> Any:
        """Without the statements that are about requests without TLS; moto would take them for every request."""
        document = json.loads(self.policy or b'{"Statement": []}')
        document["Statement"] = [each for each in document["Statement"] if each.get("Condition") != NO_TLS]
        return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)


class LabS3Response(S3Response):
    def put_object(self) -> TYPE_RESPONSE:
        if self.headers.get("If-None-Match", "*") != "*":
            raise ConditionNotKnownError
        return super().put_object()

    def _key_response(self, request: Any, full_url: str) -> TYPE_RESPONSE:
        return self._elsewhere(request) or super()._key_response(request, full_url)

    def _bucket_response(self, request: Any, full_url: str) -> str | TYPE_RESPONSE:
        return self._elsewhere(request) or super()._bucket_response(request, full_url)

    def _elsewhere(self, request: Any) -> TYPE_RESPONSE | None:
        """A bucket is reached through its own region; who signs for another one is sent there ("Request redirection and
        the REST API" in the user guide)."""
        bucket = self.backend.buckets.get(self.bucket_name)
        signed = REGION.search(request.headers.get("Authorization", ""))
        if bucket is None or signed is None or signed[1] == bucket.region_name:
            return None
        headers = {"x-amz-bucket-region": bucket.region_name, "content-type": "application/xml"}
        code = "<Error><Code>PermanentRedirect</Code><Message>Use the bucket's own endpoint.</Message></Error>"
        return 301, headers, "" if request.method == "HEAD" else code
