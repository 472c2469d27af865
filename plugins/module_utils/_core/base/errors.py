# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception that a person is meant to read."""

from __future__ import annotations

from typing import Any


class BluegreenError(Exception):
    """A reason why the work can't be done or failed, as a sentence. ``facts`` are also returned, as keys of the task's
    result.
    """

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message.encode(errors="replace").decode())  # without halves of surrogate pairs
        self.facts = facts


class StoppedError(BluegreenError):
    """This run may not change anything any more, because another one may have begun. Nothing passes over it."""


class UnconfirmedError(BluegreenError):
    """It was written, but AWS does not report it so."""


class OverwrittenError(UnconfirmedError):
    """Somebody else has written since."""


class InVainError(BluegreenError):
    """What is waited for will not come: there is evidence, so the wait ends before its time."""
