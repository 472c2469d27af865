# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of a run that wrote none while it worked, such as one that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.history.outcome import Outcome, Version
from ..._core.history.record import Record
from ..base.run import Run
from .journal import Journal


def note_refusal(run: Run, service: str, by: str, asked: Mapping[str, Any], message: str) -> list[str]:
    """It has changed nothing, and is kept in a store only. ``asked`` is what module plan returns about it; it is empty
    if not even that could be read. Returns warnings."""
    if run.check_mode or not asked.get("store"):
        return []
    now = run.clock.now()
    began, to = int(asked.get("began", now)), Version.of(asked)
    outcome = Outcome(asked["run"], asked["doing"], by, began, int(now), "refused", Version(), to, None, message)
    why, image = asked.get("why", ""), asked.get("image")
    return note_whole(run, asked["store"], Record(service, outcome, why, message=message, image=image))


def note_whole(run: Run, url: str, record: Record) -> list[str]:
    """Writes a record by itself. Returns warnings."""
    journal = Journal(run, url, record.service, lambda: record, record.outcome.run)
    journal.change()
    return journal.wait()
