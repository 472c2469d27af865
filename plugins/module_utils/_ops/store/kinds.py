# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of stores, by the schemes of their URLs. A new kind is a file next to this one and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..._core.store.address import Address
from ..base.run import Run
from .directory import DirectoryStore
from .s3 import S3Store
from .store import Store

KINDS: Mapping[str, Callable[[Run, Address], Store]] = {"s3": S3Store, "file": DirectoryStore}


def open_store(run: Run, url: str) -> Store:
    """Nothing is read yet."""
    address = Address.parse(url)
    return KINDS[address.scheme](run, address)
