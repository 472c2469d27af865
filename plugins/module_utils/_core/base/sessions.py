# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials that expire and that nothing renews while a run lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class UnrenewedSession:
    """``source`` is where the credentials, or their expiry, are from. ``ends``: None where nobody says when."""

    source: str
    ends: datetime | None = None


def expiry(text: str | None) -> datetime | None:
    """The end of a session, by ``AWS_CREDENTIAL_EXPIRATION`` or a cached sign-in: ISO 8601, in UTC where nothing
    else is said. None for anything else."""
    try:
        at = datetime.fromisoformat((text or "").replace("UTC", "+00:00").replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
