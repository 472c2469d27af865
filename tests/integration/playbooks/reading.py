# SPDX-License-Identifier: GPL-3.0-or-later
"""What a play says at its end: how each release has ended, and what has judged it."""

from __future__ import annotations

from tests.playing import Played


def end(played: Played) -> tuple[str, int]:
    """The end state of service demo, and 1 if the play has failed."""
    return played.outcomes["demo"]["end_state"], min(played.returncode, 1)


def message(played: Played) -> str:
    return str(played.outcomes["demo"]["message"])


def states(played: Played) -> dict[str, str]:
    """The end state of each service."""
    return {name: each["end_state"] for name, each in played.outcomes.items()}


def judged(played: Played) -> list[str]:
    """The tasks that have sent checks, and those that have baked."""
    return [each["task"].split(" : ")[-1] for each in played.results if {"requests", "verdict"} & set(each)]
