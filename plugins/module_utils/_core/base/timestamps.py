# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Timestamps as people and tags write them."""

from __future__ import annotations

from datetime import UTC, datetime

NO_END = datetime.max.replace(tzinfo=UTC)  # to the microsecond, which no person writes


def utc(seconds: float) -> datetime:
    """The moment ``seconds`` after the beginning of 1970, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def dated(seconds: float) -> str:
    """As in a sentence: 2026-01-31 14:05:00 UTC."""
    return f"{utc(seconds):%Y-%m-%d %H:%M:%S} UTC"


def to_the_minute(moment: datetime) -> str:
    """As in a sentence: 2026-01-31 14:05 UTC, wherever it was written down."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def aware(text: str) -> datetime:
    """A moment in ISO 8601; without an offset from UTC it would be another one on every machine."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no offset from UTC.")
    return moment
