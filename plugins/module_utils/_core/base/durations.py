# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations, as a user sets them."""

from __future__ import annotations

UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def elapsed(seconds: float) -> str:
    """How long something took: 42 s, 3 min 20 s, 1 h 5 min."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def spoken(seconds: int) -> str:
    """In the largest unit that it is a whole number of: 90 s, 10 min, 1 h."""
    for size, unit in UNITS:
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
