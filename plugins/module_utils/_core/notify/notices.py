# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The notice of each kind of event. ``claim`` is that of the run's lease, as Claim.as_data makes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..base.timestamps import to_the_minute
from ..history.outcome import Version
from ..service.freeze import Freeze
from .notice import APPROVED, ENDS, FROZEN, STARTED, UNFROZEN, WAITING, Notice

Data = Mapping[str, Any]


def started(service: str, claim: Data, plan: Data | None) -> Notice:
    """``plan`` is what module plan has returned."""
    facts = _run_of(claim)
    message = f"{claim['by']} has begun to work on {service} ({claim['doing']})."
    if plan:
        found, wanted = plan["service"], Version.of(plan["wanted"])
        before = Version.of(found["environments"][found["stable"]])
        facts |= {"from": before.as_data(), "to": wanted.as_data()}
        message = f"{message} It runs {before}, and is to run {wanted}." if wanted.image_id else message
    return Notice(STARTED, service, message, facts)


def ended(outcome: Data, claim: Data) -> Notice | None:
    """``outcome`` is what module outcome returns. None where nothing was done."""
    if outcome["end_state"] not in ENDS:
        return None
    known = ("from", "to", "reason", "stable", "weights", "seconds", "undo_until")
    facts = _run_of(claim) | {key: outcome.get(key) for key in known}
    return Notice(outcome["end_state"], outcome["service"], outcome["message"], facts)


def waiting(service: str, release: str, approval: Data, claim: Data) -> Notice:
    """``approval`` is as Approval.as_data makes it."""
    weight, until = approval["weight"], datetime.fromisoformat(approval["until"])
    message = (
        f"{release} of {service} has {weight} % of the traffic and waits for approval until {to_the_minute(until)}. "
        f"Run approve.yml with bluegreen_approve_weight={weight}."
    )
    return Notice(WAITING, service, message, _run_of(claim) | _asked(release, approval))


def approved(service: str, release: str, approval: Data, claim: Data) -> Notice:
    by, weight = approval["by"], approval["weight"]
    facts = _run_of(claim) | _asked(release, approval) | {"by": by}
    return Notice(APPROVED, service, f"{by} has approved {release} of {service} at {weight} %.", facts)


def frozen(service: str, freeze: Data | None) -> Notice:
    """``freeze`` is as Freeze.as_data makes it, None where it was lifted."""
    if freeze is None:
        return Notice(UNFROZEN, service, f"The freeze of {service} is lifted.")
    return Notice(FROZEN, service, f"{service} is {Freeze.from_data(freeze)}.", {"frozen": freeze})


def _run_of(claim: Data) -> dict[str, Any]:
    return {key: claim.get(key) or None for key in ("run", "doing", "by")}


def _asked(release: str, approval: Data) -> dict[str, Any]:
    return {"release": release, "weight": approval["weight"], "until": approval["until"]}
