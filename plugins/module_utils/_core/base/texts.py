# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text as AWS and HTTP carry it."""

from __future__ import annotations


def is_unicode(text: str) -> bool:
    """Whether UTF-8 can carry it. Python's text may have halves of surrogate pairs, for example from JSON."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
