# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task has done that others are notified of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from ..._args.bake.approval import ApprovalOptions
from ..._args.base.leased import LeaseOptions
from ..._args.base.notifying import Notifying
from ..._args.lease.lease import TakeOptions
from ..._args.release.plan import OutcomeOptions
from ..._args.service.freeze import FreezeOptions
from ..._core.base.arns import regions_in
from ..._core.base.errors import BluegreenError
from ..._core.base.timestamps import to_the_minute
from ..._core.history.outcome import Version
from ..._core.notify.notice import APPROVED, EVENTS, FROZEN, STARTED, UNFROZEN, WAITING, Notice
from ..._core.notify.target import Recipient
from ..._core.release.bring_up import ROLL
from ..._core.service.freeze import Freeze
from ..base.run import Run
from .send import send

Result = Mapping[str, Any]


def announced(options: Any, run: Run, result: dict[str, Any]) -> dict[str, Any]:
    """The result, once everybody who is to know of it was notified; with a warning where that failed."""
    if run.check_mode or not isinstance(options, Notifying) or not options.notify:
        return result
    notice = _notice(options, result)
    if notice is None:
        return result
    facts = {"region": _region(options), **notice.facts}
    notice = replace(notice, facts=facts, id=str(uuid4()), at=run.clock.now())
    try:
        problems = send(run, [Recipient.parse(vars(each)) for each in options.notify], notice)
    except BluegreenError as error:
        problems = [f"Notification {notice.event} of {notice.service} was not sent. {error}"]
    return {**result, "warnings": [*result.get("warnings", []), *problems]} if problems else result


def _notice(options: Notifying, result: Result) -> Notice | None:
    """None where nobody is notified."""
    if isinstance(options, OutcomeOptions):
        return _end(options, result)
    if not result["changed"]:
        return None
    if isinstance(options, TakeOptions):
        return _start(options, result)
    if isinstance(options, ApprovalOptions):
        return _approval(options, result)
    return _freeze(options, result) if isinstance(options, FreezeOptions) else None


def _start(options: TakeOptions, result: Result) -> Notice | None:
    if options.state == "released" or _has_nothing_to_do(options.plan):
        return None
    facts = _run_of(result["lease"]["claim"])
    message = f"{facts['by']} has begun to work on {options.service} ({options.doing})."
    if options.plan:
        service, wanted = options.plan["service"], Version.of(options.plan["wanted"])
        before = Version.of(service["environments"][service["stable"]])
        facts |= {"from": before.as_data(), "to": wanted.as_data()}
        message = f"{message} It runs {before}, and is to run {wanted}." if wanted.image_id else message
    return Notice(STARTED, options.service, message, facts)


def _has_nothing_to_do(plan: Mapping[str, Any] | None) -> bool:
    """A run that takes the lease only to end that of one that died."""
    return plan is not None and not plan["stages"] and plan["brings_up"] != ROLL


def _end(options: OutcomeOptions, result: Result) -> Notice | None:
    event = result["end_state"]
    if event not in EVENTS:
        return None
    asked = options.plan or options.asked or {}
    claim = options.lease.claim if options.lease else {"by": options.by, **asked}
    known = ("from", "to", "reason", "stable", "weights", "seconds", "undo_until")
    facts = _run_of(claim) | {key: result.get(key) for key in known}
    return Notice(event, result["service"], result["message"], facts)


def _approval(options: ApprovalOptions, result: Result) -> Notice | None:
    approval = result["approval"]
    if approval is None:
        return None
    service, release = result["service"] or options.group, result["release"] or options.group
    weight, until = approval["weight"], datetime.fromisoformat(approval["until"])
    facts = _run_of(options.lease.claim if options.lease else {})
    facts |= {"release": release, "weight": weight, "until": approval["until"]}
    if options.state == "given":
        message = f"{approval['by']} has approved {release} of {service} at {weight} %."
        return Notice(APPROVED, service, message, facts | {"by": approval["by"]})
    message = (
        f"{release} of {service} has {weight} % of the traffic and waits for approval until {to_the_minute(until)}. "
        f"Run approve.yml with bluegreen_approve_weight={weight}."
    )
    return Notice(WAITING, service, message, facts)


def _freeze(options: FreezeOptions, result: Result) -> Notice:
    frozen = result["frozen"]
    if frozen is None:
        return Notice(UNFROZEN, options.service, f"The freeze of {options.service} is lifted.")
    return Notice(FROZEN, options.service, f"{options.service} is {Freeze.from_data(frozen)}.", {"frozen": frozen})


def _run_of(claim: Mapping[str, Any]) -> dict[str, Any]:
    return {key: claim.get(key) or None for key in ("run", "doing", "by")}


def _region(options: Notifying) -> str | None:
    """The region of any ARN that the task was given."""
    said = vars(options)
    lease = said.get("lease")
    arns = list(lease.target_groups) if isinstance(lease, LeaseOptions) else []
    return next(iter(regions_in([arns, *(its for key, its in said.items() if key != "notify")])), None)
