# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a task notifies of what it has done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..._core.notify.notice import Notice
from .options import Options, option

Event = Literal[
    "started",
    "waiting",
    "approved",
    "refused",
    "provisioned",
    "verified",
    "succeeded",
    "paused",
    "rolled_back",
    "halted",
    "frozen",
    "unfrozen",
]


@dataclass(frozen=True, kw_only=True)
class RecipientOptions(
    Options,
    aws=False,
    required_one_of=[("sns", "webhook", "chat")],
    mutually_exclusive=[("sns", "webhook", "chat")],
    required_by={"webhook": ["secret"]},
):
    sns: str | None = None
    webhook: str | None = option(None, no_log=True)
    secret: str | None = option(None, no_log=True)
    chat: str | None = option(None, no_log=True)
    events: Sequence[Event] = ()


@dataclass(frozen=True, kw_only=True)
class Notifying(Options):
    """The doc fragment notifying. A controller gives what bluegreen_notify says."""

    notify: Sequence[RecipientOptions] = ()

    def notice(self, result: Mapping[str, Any]) -> Notice | None:
        """What is sent when the task has returned this; None if nothing is sent."""
        raise NotImplementedError
