# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as people give them."""

from __future__ import annotations

from typing import Any

MOST_DIGITS = 18  # of any number that AWS takes; Python itself reads no more than 4300


def is_whole(value: Any, most: float = float("inf")) -> bool:
    """Whether it is a whole number within bounds; a survey's answers arrive as strings."""
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:  # Python may not be able to write it as text
        return False
    text = str(value).strip()
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) <= most
