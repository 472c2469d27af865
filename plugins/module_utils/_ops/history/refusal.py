# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of a run that was refused: it has changed nothing, and is kept in a store only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.history.outcome import Outcome, Version
from ..._core.history.record import Record
from ..base.run import Run
from .journal import Journal


def note_refusal(run: Run, service: str, by: str, asked: Mapping[str, Any], message: str) -> list[str]:
    """``asked`` is what module plan returns about it; it is empty if not even that could be read. Returns warnings."""
    if run.check_mode or not asked.get("store"):
        return []
    now = run.clock.now()
    began, to = int(asked.get("began", now)), Version.of(asked)
    outcome = Outcome(asked["run"], asked["doing"], by, began, int(now), "refused", Version(), to, None, message)
    record = Record(service, outcome, asked.get("why", ""), message=message, image=asked.get("image"))
    journal = Journal(run, asked["store"], service, lambda: record, asked["run"])
    journal.change()
    return journal.wait()
