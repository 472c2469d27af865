# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in the tags of load balancers, listeners, rules and target groups; moto accepts nearly all of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from moto.elbv2.exceptions import ELBClientError

# TagKey and TagValue in the service model: [\p{L}\p{Z}\p{N}_.:/=+\-@]*
MOST = 50  # a resource: "Tags for your target group" in the Elastic Load Balancing User Guides; moto allows 10
LONGEST = {"Key": 128, "Value": 256}
CATEGORIES, OTHERS = "LZN", "_.:/=+-@"
RESERVED = "aws:"  # in the words of github.com/aws/elastic-load-balancing-tools/issues/6


def check_tags(tags: Sequence[Mapping[str, str]]) -> None:
    for number, tag in enumerate(tags, 1):
        if tag["Key"].startswith(RESERVED):
            raise ELBClientError("ValidationError", f"Tag key '{tag['Key']}' cannot start with '{RESERVED}'")
        for part, longest in LONGEST.items():
            if reason := _refused(tag.get(part, ""), longest):
                raise ELBClientError(
                    "ValidationError",
                    f"1 validation error detected: Value '{tag[part]}' at 'tags.{number}.member.{part.lower()}' failed "
                    f"to satisfy constraint: {reason}",
                )


def check_room(existing: Mapping[str, str], tags: Sequence[Mapping[str, str]]) -> None:
    if len(existing.keys() | {tag["Key"] for tag in tags}) > MOST:
        raise ELBClientError("TooManyTags", "You've reached the limit on the number of tags per resource.")


def _refused(text: str, longest: int) -> str | None:
    if len(text) > longest:
        return f"Member must have length less than or equal to {longest}"
    if any(unicodedata.category(each)[0] not in CATEGORIES and each not in OTHERS for each in text):
        return "Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$"
    return None
