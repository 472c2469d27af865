# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notifies others of what a task has done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from ..._args.base.leased import LeaseOptions
from ..._args.base.notifying import Notifying
from ..._core.base.arns import regions_in
from ..._core.base.errors import BluegreenError
from ..._core.notify.target import Recipient
from ..base.run import Run
from .send import send


def announced(options: Any, run: Run, result: dict[str, Any]) -> dict[str, Any]:
    """The result, once everybody who is to know of it was notified; with a warning where that failed."""
    if run.check_mode or not isinstance(options, Notifying) or not options.notify:
        return result
    notice = options.notice(result)
    if notice is None:
        return result
    facts = {"region": _region(options), **notice.facts}
    notice = replace(notice, facts=facts, id=str(uuid4()), at=run.clock.now())
    try:
        problems = send(run, [Recipient.parse(vars(each)) for each in options.notify], notice)
    except BluegreenError as error:
        problems = [f"Notification {notice.event} of {notice.service} was not sent. {error}"]
    return {**result, "warnings": [*result.get("warnings", []), *problems]} if problems else result


def _region(options: Notifying) -> str | None:
    """The region of any ARN that the task was given."""
    said = vars(options)
    lease = said.get("lease")
    arns = list(lease.target_groups) if isinstance(lease, LeaseOptions) else []
    return next(iter(regions_in([arns, *(its for key, its in said.items() if key != "notify")])), None)
