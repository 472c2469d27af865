# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing, as far as it keeps the tags of one target group."""

from __future__ import annotations

from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim, read_claims

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-blue/0"


class Tags:
    def __init__(self, *claims: Claim) -> None:
        self.tags = {claim.key: claim.text() for claim in claims}
        self.written = 0

    def describe_tags(self, **_asked: Any) -> dict[str, Any]:
        tags = [{"Key": key, "Value": value} for key, value in self.tags.items()]
        return {"TagDescriptions": [{"ResourceArn": ARN, "Tags": tags}]}

    def add_tags(self, Tags: list[dict[str, str]], **_asked: Any) -> None:  # noqa: N803 (botocore's name)
        self.tags |= {tag["Key"]: tag["Value"] for tag in Tags}
        self.written += 1

    def remove_tags(self, TagKeys: list[str], **_asked: Any) -> None:  # noqa: N803
        for key in TagKeys:
            self.tags.pop(key, None)

    @property
    def claims(self) -> list[Claim]:
        return read_claims([self.tags])
