# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a store has the records of a service: ``SERVICE/records/RUN.json``."""

from __future__ import annotations

from collections.abc import Iterable

from ..store.stored import PART, key_of

RECORDS, SUFFIX = "records", ".json"


def record_key(service: str, run: str) -> str:
    return key_of(service, RECORDS, f"{run}{SUFFIX}")


def records_prefix(service: str) -> str:
    """What the keys of all records of a service begin with."""
    return f"{key_of(service, RECORDS)}/"


def record_keys(service: str, keys: Iterable[str]) -> list[str]:
    """The latest first. Folder markers, copies and what an editor leaves are no records."""
    prefix = records_prefix(service)
    return sorted((key for key in keys if _is_name(key.removeprefix(prefix))), reverse=True)


def _is_name(name: str) -> bool:
    return name.endswith(SUFFIX) and PART.fullmatch(name) is not None
