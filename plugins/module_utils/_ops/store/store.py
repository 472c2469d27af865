# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store: texts by key, which are written only when what is there is what the writer expects."""

from __future__ import annotations

from typing import Protocol

from ..._core.store.stored import Expected, Stored, ToRemove


class Store(Protocol):
    """Each raises UnreachableError where the store cannot be used.

    Of writers who expect the same, one succeeds, and the others get a ConflictError. A key is made by ``key_of``.
    """

    def read(self, key: str) -> Stored | None:
        """What the last write left, also right after it; None where there is nothing."""

    def write(self, key: str, text: str, expected: Expected) -> str:
        """The new version. Nobody ever reads a part of the text."""

    def remove(self, key: str, expected: ToRemove) -> None:
        """What is gone already is no conflict."""

    def names(self, prefix: str) -> list[str]:
        """The keys that begin with it, sorted."""
