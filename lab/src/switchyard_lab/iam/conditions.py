# SPDX-License-Identifier: GPL-3.0-or-later
"""The Condition of a statement ("IAM JSON policy elements: Condition operators", and "Set operators for multivalued
context keys", in the IAM User Guide). Operators for numbers, dates, bytes and addresses are refused: no policy here has
them, and what is not evaluated must not count as met."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .matching import matches, matches_arn

Context = Mapping[str, Sequence[str]]

ALIKE: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": operator.eq,
    "StringEqualsIgnoreCase": lambda pattern, value: pattern.lower() == value.lower(),
    "StringLike": matches,
    "ArnEquals": matches_arn,
    "ArnLike": matches_arn,
    "Bool": lambda pattern, value: pattern.lower() == value.lower(),
}
UNLIKE = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
NULL, IF_EXISTS = "Null", "IfExists"
ALL, ANY = "ForAllValues", "ForAnyValue"


@dataclass(frozen=True)
class Condition:
    """One key of one operator. A key's name has no case."""

    named: str
    key: str
    wanted: Sequence[str]

    def __post_init__(self) -> None:
        if self._operator not in {*ALIKE, *UNLIKE, NULL} or self._set not in ("", ALL, ANY):
            raise ValueError(f"The lab does not evaluate the condition operator {self.named}.")

    def holds(self, context: Context) -> bool:
        found = [value for key, values in context.items() if key.lower() == self.key.lower() for value in values]
        if self._operator == NULL:
            return str(not found).lower() in [each.lower() for each in self.wanted]
        if not found:
            return self.named.endswith(IF_EXISTS) or (self._operator in UNLIKE and self._set != ANY) or self._set == ALL
        return (any if self._set == ANY else all)(map(self._takes, found))

    def _takes(self, value: str) -> bool:
        alike = ALIKE[UNLIKE.get(self._operator, self._operator)]
        return any(alike(each, value) for each in self.wanted) != (self._operator in UNLIKE)

    @property
    def _operator(self) -> str:
        return self.named.rpartition(":")[2].removesuffix(IF_EXISTS)

    @property
    def _set(self) -> str:
        return self.named.rpartition(":")[0]
