# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that one API call returns and another accepts: what is copied from a resource to its copy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def carried(described: Mapping[str, Any], accepted: Collection[str]) -> dict[str, Any]:
    """Whatever was returned and is accepted, as it is; so a field that AWS adds to both is copied by itself.

    A Describe call returns what is not set as an empty list or text, which the call that sets it does not accept.
    """
    return {key: _filled(value) for key, value in described.items() if key in accepted and not is_empty(value)}


def left_behind(described: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """Fields with something in them that nobody knows what to do with."""
    return sorted(key for key, value in described.items() if key not in known and not is_empty(value))


def is_empty(value: Any) -> bool:
    return value is None or value in ([], {}, "")


def _filled(value: Any) -> Any:
    """Without empty lists and texts further in; an empty structure there says something (SlidingWindow)."""
    if isinstance(value, Mapping):
        return {key: _filled(item) for key, item in value.items() if item == {} or not is_empty(item)}
    return [_filled(item) for item in value] if isinstance(value, list) else value
