# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done to a service, for a person."""

from __future__ import annotations

from ..base.timestamps import dated
from .outcome import Outcome, Version

WORDS = {"rolled_back": "was rolled back"}


def last_line(outcome: Outcome) -> str:
    """How the last run has ended."""
    by = f", by {outcome.by}" if outcome.by else ""
    return f"Last: {what(outcome)} {how(outcome)}{by}.{f' {_stopped(outcome.reason)}' if outcome.reason else ''}"


def what(outcome: Outcome) -> str:
    if outcome.is_rollback:
        to = f" to {outcome.to}" if outcome.to.image_id else ""
        return f"rollback{f' from {outcome.before}' if to and outcome.before.image_id else ''}{to}"
    return f"{outcome.doing}{f' of {outcome.to}' if _named(outcome.to) else ''}"


def how(outcome: Outcome) -> str:
    if outcome.ended is None:
        return f"began at {dated(outcome.began)} and has not ended"
    state = "ended" if outcome.is_rollback else WORDS.get(outcome.end_state, outcome.end_state)
    return f"{state} at {dated(outcome.ended)}"


def _named(version: Version) -> bool:
    return bool(version.image_id or version.release)


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
