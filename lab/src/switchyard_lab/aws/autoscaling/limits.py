# SPDX-License-Identifier: GPL-3.0-or-later
"""What Auto Scaling refuses in names and tags, and moto accepts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError

# CreateAutoScalingGroup in the API reference: "any ASCII character 33 to 126", no colon, 255 of them at most.
NAME = re.compile(r"[!-9;-~]{1,255}")
# "Tag Auto Scaling groups and instances" in the user guide: 50 tags, 128 characters of a key, 256 of a value.
MOST_TAGS = 50
LONGEST = {"Key": 128, "Value": 256}
RESERVED = "aws:"  # "Do not use the aws: prefix in your tag names" (the same page); the message is the lab's own


def check_name(name: str) -> None:
    """The message is the lab's own."""
    if not NAME.fullmatch(name):
        raise ValidationError(
            f"1 validation error detected: Value '{name}' at 'autoScalingGroupName' failed to satisfy constraint: "
            "Member must have 1 to 255 ASCII characters between 33 and 126, without colons"
        )


def check_tags(tags: Sequence[Mapping[str, str]], existing: Collection[str] = ()) -> None:
    """``existing`` are the keys that the group has. Those that AWS itself sets do not count."""
    for number, tag in enumerate(tags, 1):
        if tag["Key"].startswith(RESERVED):
            raise ValidationError(f"Tag key {tag['Key']} is invalid: {RESERVED} is reserved for AWS")
        for part, longest in LONGEST.items():
            if len(tag.get(part) or "") > longest:
                raise ValidationError(
                    f"1 validation error detected: Value '{tag[part]}' at 'tags.{number}.member.{part.lower()}' failed "
                    f"to satisfy constraint: Member must have length less than or equal to {longest}"
                )
    keys = {*existing, *(tag["Key"] for tag in tags)}
    if len([key for key in keys if not key.startswith(RESERVED)]) > MOST_TAGS:
        raise AutoscalingClientError("LimitExceeded", f"Number of tags on a group can't be more than {MOST_TAGS}")
