# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the services of a play have ended, in a few lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from textwrap import shorten

from ..base.end_states import CHECKED, HALTED, PAUSED, PROVISIONED, REFUSED, ROLLED_BACK, SUCCEEDED, UNCHANGED, VERIFIED

FAILED, NOT_BEGUN = "failed", "not_begun"  # of services that have no outcome
# What a person has to look at stands last, where the eye is.
ORDER = (
    *(SUCCEEDED, PROVISIONED, VERIFIED, CHECKED, UNCHANGED, NOT_BEGUN),
    *(PAUSED, REFUSED, ROLLED_BACK, FAILED, HALTED),
)
EXPLAINED = (PAUSED, REFUSED, ROLLED_BACK, HALTED)
LONGEST = 300  # characters of a message


def fleet_lines(
    ends: Mapping[str, str],
    services: Sequence[str],
    failed: Collection[str] = (),
    messages: Mapping[str, str] | None = None,
) -> list[str]:
    """A headline, and the names of those that ended alike. ``ends`` are end states and ``messages`` the sentences of
    the outcomes, by service. ``services`` are those of the play, and ``failed`` those in which a task failed."""
    states = {name: ends.get(name, FAILED if name in failed else NOT_BEGUN) for name in [*services, *ends]}
    by_state = {state: [name for name, each in states.items() if each == state] for state in ORDER}
    found = {state: names for state, names in by_state.items() if names}
    headline = ", ".join(f"{len(names)} {_words(state)}" for state, names in found.items())
    lines = [f"{len(states)} services: {headline}."]
    for state, names in found.items():
        lines.append(f"{_words(state)}: {', '.join(names)}")
        why = messages if messages and state in EXPLAINED else {}
        lines += [f"  {name}: {shorten(why[name], LONGEST, placeholder=' …')}" for name in names if name in why]
    return lines


def _words(state: str) -> str:
    return state.replace("_", " ")
