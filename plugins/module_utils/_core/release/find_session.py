# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether the credentials last as long as the run."""

from __future__ import annotations

from ..base.durations import spoken
from ..base.sessions import UnrenewedSession
from ..definition.steps import baking_seconds
from .case import Case

SHORTEST_SESSION = 900  # seconds: DurationSeconds of AssumeRole in the AWS STS API reference
RENEWED = "use a profile whose credentials are renewed: bluegreen_profile, with no AWS_ACCESS_KEY_ID in the environment"


def find_short_session(case: Case) -> list[str]:
    session, (seconds, lasting) = _unrenewed(case), _lasts(case)
    if session is None or session.ends is None:
        return []
    left = (session.ends - case.at).total_seconds()
    if left > seconds:
        return []
    return [
        f"The credentials expire in {spoken(max(0, int(left)))} ({session.source}), and {lasting}: it could not be "
        f"rolled back after that. Sign in again, or {RENEWED}."
    ]


def find_unknown_session(case: Case) -> list[str]:
    session, (seconds, lasting) = _unrenewed(case), _lasts(case)
    if session is None or session.ends is not None or seconds <= SHORTEST_SESSION:
        return []
    return [
        f"The credentials are temporary ({session.source}), and nothing renews them. It is not known when they expire, "
        f"and {lasting}: if they expire earlier, it cannot be rolled back. Set AWS_CREDENTIAL_EXPIRATION to have that "
        f"checked, or {RENEWED}."
    ]


def _unrenewed(case: Case) -> UnrenewedSession | None:
    return case.facts.session() if case.facts.session and (case.shifts or case.parts.rolls) else None


def _lasts(case: Case) -> tuple[int, str]:
    """For how many seconds it lasts for certain, and that as a sentence."""
    if case.parts.rolls:
        group = case.service.stable_environment.group if case.service else None
        seconds = case.definition.roll.held(len(group.instances) if group else 0)
        return seconds, f"AWS holds the roll for {spoken(seconds)} together"
    shift = case.definition.shift
    seconds = baking_seconds(shift.steps, shift.metrics_lag)
    return seconds, f"the release bakes for {spoken(seconds)} together"
