# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task has done that others are notified of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from ..._args.bake.approval import ApprovalOptions
from ..._args.base.leased import Leased, LeaseOptions
from ..._args.base.notifying import Notifying
from ..._args.lease.lease import TakeOptions
from ..._args.release.plan import OutcomeOptions
from ..._args.service.freeze import FreezeOptions
from ..._core.base.arns import regions_in
from ..._core.base.errors import BluegreenError
from ..._core.history.outcome import Version
from ..._core.notify.notice import APPROVED, EVENTS, FROZEN, STARTED, UNFROZEN, WAITING, Notice
from ..._core.notify.target import Target
from ..._core.service.freeze import Freeze
from ..base.run import Run
from .send import send

Result = Mapping[str, Any]
Said = tuple[str, str, str, Mapping[str, Any]]  # the event, the service, a sentence, and what is known besides


def announced(options: Any, run: Run, result: dict[str, Any]) -> dict[str, Any]:
    """The result, once whoever is to know of it was notified; with a warning where that failed."""
    if run.check_mode or not isinstance(options, Notifying) or not options.notify:
        return result
    said = _said(options, result)
    if said is None:
        return result
    event, service, message, facts = said
    notice = Notice(str(uuid4()), event, run.clock.now(), service, message, {"region": _region(options), **facts})
    try:
        problems = send(run, [Target.parse(vars(each)) for each in options.notify], notice)
    except BluegreenError as error:
        problems = [f"Notification {event} of {service} was not sent. {error}"]
    return {**result, "warnings": [*result.get("warnings", []), *problems]} if problems else result


def _said(options: Notifying, result: Result) -> Said | None:
    """None for what nobody is notified of."""
    if isinstance(options, OutcomeOptions):
        return _end(options, result)
    if not result["changed"]:
        return None
    if isinstance(options, TakeOptions):
        return _start(options, result)
    if isinstance(options, ApprovalOptions):
        return _approval(options, result)
    return _freeze(options, result) if isinstance(options, FreezeOptions) else None


def _start(options: TakeOptions, result: Result) -> Said | None:
    if options.state == "released":
        return None
    facts = _run_of(result["lease"]["claim"])
    message = f"{facts['by']} has begun to work on {options.service} ({options.doing})."
    if options.plan:
        service, wanted = options.plan["service"], Version.of(options.plan["wanted"])
        before = Version.of(service["environments"][service["stable"]])
        facts |= {"from": before.as_data(), "to": wanted.as_data()}
        message = f"{message} It runs {before}, and is to run {wanted}." if wanted.image_id else message
    return STARTED, options.service, message, facts


def _end(options: OutcomeOptions, result: Result) -> Said | None:
    event = result["end_state"]
    if event not in EVENTS:
        return None
    asked = options.plan or options.asked or {}
    claim = options.lease.claim if options.lease else {"by": options.by, **asked}
    known = ("from", "to", "reason", "stable", "weights", "seconds", "undo_until")
    facts = {key: result.get(key) for key in known}
    return event, result["service"], result["message"], _run_of(claim) | facts


def _approval(options: ApprovalOptions, result: Result) -> Said | None:
    approval, release = result["approval"], result["release"] or options.group
    if approval is None:
        return None
    service = result["service"] or options.group
    facts = {**_run_of(_claim(options)), "release": release, **approval}
    if options.state == "given":
        return (
            APPROVED,
            service,
            f"{approval['by']} has approved {release} of {service} at {approval['weight']} %.",
            facts,
        )
    until = f"{datetime.fromisoformat(approval['until']):%Y-%m-%d %H:%M} UTC"
    return (
        WAITING,
        service,
        f"{release} of {service} has {approval['weight']} % of the traffic and waits for approval until {until}. Run "
        f"approve.yml with bluegreen_approve_weight={approval['weight']}.",
        facts,
    )


def _freeze(options: FreezeOptions, result: Result) -> Said:
    frozen = result["frozen"]
    if frozen is None:
        return UNFROZEN, options.service, f"The freeze of {options.service} is lifted.", {}
    return FROZEN, options.service, f"{options.service} is {Freeze.from_data(frozen)}.", {"frozen": frozen}


def _claim(options: Leased) -> Mapping[str, Any]:
    return options.lease.claim if options.lease else {}


def _run_of(claim: Mapping[str, Any]) -> dict[str, Any]:
    return {key: claim.get(key) or None for key in ("run", "doing", "by")}


def _region(options: Notifying) -> str | None:
    """By any ARN that the task was given."""
    said = vars(options)
    lease = said.get("lease")
    arns = lease.target_groups if isinstance(lease, LeaseOptions) else ()
    return next(iter(regions_in([list(arns), *(its for key, its in said.items() if key != "notify")])), None)
