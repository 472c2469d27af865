# SPDX-License-Identifier: GPL-3.0-or-later
"""Temporary credentials, which expire."""

from __future__ import annotations

from ..calls.faults import EXPIRED, ApiFault, api_fault


class Tokens:
    """``seconds``: how long after its first call an access key is taken that comes with a session token; 0: for ever.

    "After temporary security credentials expire, they cannot be used again"; keys of an IAM user, which come without a
    token, do not expire (Temporary security credentials in IAM, in the user guide).
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._first: dict[str, float] = {}

    def refuse(self, key: str, now: float, *, temporary: bool) -> ApiFault | None:
        if not temporary or not self._seconds:
            return None
        return api_fault({"error": EXPIRED}) if now >= self._first.setdefault(key, now) + self._seconds else None
