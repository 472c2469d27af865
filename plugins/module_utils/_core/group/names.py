# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of Auto Scaling groups: ``<service>-<color>-v<NNN>``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..base.errors import BluegreenError

LONGEST = 255
ALLOWED = re.compile(r"[!-9;-~]+")  # ASCII 33 to 126 without the colon (CreateAutoScalingGroup in the API reference)


def next_group_name(service: str, color: str, existing: Iterable[str]) -> str:
    """One above the highest number of the service's groups, of either color: names show which came later."""
    number = max((_number(service, name) for name in existing), default=0) + 1
    return f"{service}-{color}-v{number:03}"


def newest(service: str, names: Iterable[str]) -> str:
    return max(names, key=lambda name: (_number(service, name), name))


def check_group_name(name: str) -> None:
    if len(name) > LONGEST:
        raise BluegreenError(
            f"{name} is {len(name)} characters long; an Auto Scaling group's name has at most {LONGEST}."
        )
    if not ALLOWED.fullmatch(name):
        raise BluegreenError(
            f"{name!r} is not a valid name for an Auto Scaling group: no spaces, no colon, ASCII only."
        )


def _number(service: str, name: str) -> int:
    found = re.fullmatch(rf"{re.escape(service)}-(?:blue|green)-v(\d+)", name)
    return int(found[1]) if found else 0
