# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of a run, for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..base.durations import elapsed
from ..base.end_states import SUCCEEDED
from ..base.timestamps import to_the_minute
from .bring_up import CANDIDATE


def closing(
    ended: Mapping[str, Any], plan: Mapping[str, Any], after: Mapping[str, Any] | None, now: float, *, fails: bool
) -> list[str]:
    """What runs now, how long it took, and how to undo it and until when.

    ``ended`` is the outcome, ``plan`` what module plan returned, ``after`` the service as service_info returns it,
    ``now`` in seconds since the epoch. ``fails``: a task fails with the message, so Ansible shows it.
    """
    took = f"It took {elapsed(now - plan['began'])}."
    if fails:
        return [took]
    lines = [str(ended["message"]), took]
    moved = ended["end_state"] == SUCCEEDED and plan["brings_up"] == CANDIDATE
    return [*lines, _undo(after)] if after and moved else lines


def _undo(after: Mapping[str, Any]) -> str:
    previous = after["environments"][after["candidate"]]
    if previous["group"] is None:
        return "To undo it, deploy the previous image."
    if previous["retain_until"] is None:
        return f"To undo it, run rollback.yml: {previous['release']} still runs in {previous['color']}."
    until = to_the_minute(datetime.fromisoformat(previous["retain_until"]))
    return f"To undo it, run rollback.yml until {until}: {previous['release']} is retained in {previous['color']}."
