# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as people give them."""

from __future__ import annotations

from typing import Any


def is_whole(value: Any, most: float = float("inf")) -> bool:
    """Whether it is a whole number within bounds; a survey's answers arrive as strings."""
    text = str(value).strip()
    return text.isascii() and text.isdigit() and int(text) <= most
