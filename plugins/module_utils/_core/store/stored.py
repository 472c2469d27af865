# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store holds, by which keys, and what a write expects of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from ..base.errors import BluegreenError

PART = re.compile(r"[A-Za-z0-9_%~-][A-Za-z0-9_.%~-]*")  # what begins with a dot is a store's own


class ConflictError(BluegreenError):
    """What a write expected does not hold: somebody else was first."""


class UnreachableError(BluegreenError):
    """A store that does not answer, is not there or refuses. Whether a write was done is not known.

    ``lasts``: a person has to do something about it.
    """

    def __init__(self, message: str, *, lasts: bool = True, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.lasts = lasts


class Expectation(Enum):
    ABSENT = "there is nothing yet"
    ANY = "there may be anything"


ABSENT, ANY = Expectation.ABSENT, Expectation.ANY
Expected: TypeAlias = str | Expectation  # a version, or one of these
ToRemove: TypeAlias = str | Literal[Expectation.ANY]


@dataclass(frozen=True)
class Stored:
    """``version`` is another one when the text is; the same text may have the same version again."""

    text: str
    version: str


def key_of(*parts: str) -> str:
    """The key of such a path. A service's name may have slashes in it, or be two dots."""
    return "/".join(map(_part, parts))


def _part(text: str) -> str:
    quoted = quote(text, safe="")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted


def check_key(key: str) -> None:
    """Refuse what would leave the store, or meet what a store keeps for itself."""
    if not all(map(PART.fullmatch, key.split("/"))):
        raise BluegreenError(f"{key!r} is no key of a store.")


def holds(expected: Expected, version: str | None) -> bool:
    """``version`` is the one that is there, None where nothing is."""
    if isinstance(expected, Expectation):
        return expected is ANY or version is None
    return version == expected
