# SPDX-License-Identifier: GPL-3.0-or-later
"""Wildcards of policies."""

from __future__ import annotations

import re
from functools import cache

ARN_PARTS = 6


def matches(pattern: str, text: str) -> bool:
    """``*``: any characters, ``?``: one."""
    return _compiled(pattern).fullmatch(text) is not None


def matches_arn(pattern: str, arn: str) -> bool:
    """Part by part: a wildcard does not reach over a colon, but in the last part ("IAM JSON policy elements: Resource",
    and ArnLike in "IAM JSON policy elements: Condition operators")."""
    if pattern == "*":
        return True
    patterns, parts = pattern.split(":", ARN_PARTS - 1), arn.split(":", ARN_PARTS - 1)
    return len(patterns) == len(parts) and all(map(matches, patterns, parts))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(text, re.DOTALL)
