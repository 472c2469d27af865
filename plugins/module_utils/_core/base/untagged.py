# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain values out of Ansible's: ansible-core 2.19 and later tag options, as subclasses of str, int, dict and list."""

from __future__ import annotations

from typing import Any


def untagged(value: Any) -> Any:
    if isinstance(value, dict):
        return {untagged(key): untagged(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [untagged(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value
