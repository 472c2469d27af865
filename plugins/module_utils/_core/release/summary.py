# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did, in short, from what module outcome knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.end_states import HALTED, PAUSED, PROVISIONED, ROLLED_BACK, SUCCEEDED, VERIFIED
from ..base.works import ROLLBACK
from ..history.outcome import Outcome, Version
from ..service.override import Override

# A run that ended otherwise has changed nothing.
KEPT = {PROVISIONED, VERIFIED, SUCCEEDED, PAUSED, ROLLED_BACK, HALTED}


def summarize(
    ended: Mapping[str, Any],
    plan: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    claim: Mapping[str, Any],
    now: float,
    returned_at: float | None,
) -> Outcome:
    """``ended`` is the outcome as it is exported, ``plan`` what module plan returned, ``after`` the service as
    service_info returns it, and ``claim`` that of the lease; where there was none, it has ``run`` and ``by`` alone."""
    began = int(plan["began"] if plan else claim.get("fence", now * 1000) // 1000)
    before, to = _planned(plan) if plan else _returned(ended, after, returned_at)
    return Outcome(
        run=str(plan["run"] if plan else claim["run"]),
        doing=str(plan["doing"] if plan else claim.get("doing", ROLLBACK)),
        by=str(claim["by"]),
        began=began,
        ended=int(now),
        end_state=ended["end_state"],
        before=before,
        to=to,
        restored=_restored(ended, began, returned_at),
        reason=_reason(ended, plan),
    )


def _planned(plan: Mapping[str, Any]) -> tuple[Version, Version]:
    service = plan["service"]
    return Version.of(service["environments"][service["stable"]]), Version.of(plan["wanted"])


def _returned(
    ended: Mapping[str, Any], after: Mapping[str, Any] | None, returned_at: float | None
) -> tuple[Version, Version]:
    """What a rollback returned the traffic from, and what it returned it to. Nothing where there was no traffic to
    return, and the candidate was rejected."""
    if after is None:
        return Version(), Version()
    stable, candidate = (after["environments"][after[role]] for role in ("stable", "candidate"))
    if ended["end_state"] != ROLLED_BACK:
        return Version.of(stable), Version()
    if left := ended.get("left"):
        return Version.of(left), Version.of(stable)
    if candidate["group"]:
        return Version.of(candidate), Version() if returned_at is None else Version.of(stable)
    rolled = next((each for each in map(Outcome.from_data, after["outcomes"]) if each.switches), None)
    return rolled.to if rolled else Version(), Version.of(stable)


def _reason(ended: Mapping[str, Any], plan: Mapping[str, Any] | None) -> str:
    """Why it failed or stopped, or else what a watch has found, or why a person let it pass what would refuse it."""
    if ended.get("reason"):
        return str(ended["reason"])
    if ended["end_state"] in (HALTED, PAUSED):
        return str(ended["message"])
    if plan is None:
        return ""
    return str(plan.get("watch", {}).get("why", "")) or Override.parse(plan["definition"].get("override")).reason


def _restored(ended: Mapping[str, Any], began: int, returned_at: float | None) -> int | None:
    """From the first evidence where the run has found it itself, else from its beginning."""
    if "rollback_seconds" in ended:
        return round(ended["rollback_seconds"])
    if returned_at is None or ended["end_state"] != ROLLED_BACK:
        return None
    return max(0, int(returned_at) - began)  # whole seconds, as the beginning and the end are
