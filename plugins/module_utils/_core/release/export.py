# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a run as data: what a play exports to the workflow that it is part of.

Workflows of AWX merge what their jobs export by the top-level key, so each service has a key of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ..base.end_states import CHECKED, FAILING, HALTED, REFUSED, ROLLED_BACK, SUCCEEDED, UNCHANGED
from ..base.errors import BluegreenError
from ..history.outcome import Outcome
from .outcome import runs, standing

PREFIX = "bluegreen_outcome_"

# What has become of a service, by the end state of a run that had no plan.
DONE = {
    CHECKED: "was read in check mode",
    HALTED: "needs a person",
    ROLLED_BACK: "was rolled back",
    SUCCEEDED: "was rolled to the release",
    UNCHANGED: "was left as it is",
}


def key_of(service: str) -> str:
    """The name with _ for what the name of a variable cannot hold."""
    return PREFIX + re.sub(r"\W", "_", service, flags=re.ASCII)


def check_keys(services: Iterable[str]) -> None:
    """Refuse two services with one key: one of their outcomes would be lost."""
    names = list(dict.fromkeys(services))
    counts = Counter(map(key_of, names))
    if alike := [name for name in names if counts[key_of(name)] > 1]:
        raise BluegreenError(
            f"The outcomes of {' and '.join(alike)} would have the same name, {key_of(alike[0])}. Release them in two "
            "runs, or rename one."
        )


def not_begun(ended: Mapping[str, Any], service: str, later: Iterable[str], *, failed: bool = False) -> dict[str, Any]:
    """The outcomes of the services of ``later`` batches, of which Ansible begins none after one that failed as a whole.

    The outcomes of those that do begin take their place. ``failed``: a stage has failed, as may be after a release that
    stays.
    """
    state = ended["end_state"]
    if state not in FAILING and not failed:
        return {}
    how = "has failed after its release" if state == SUCCEEDED else f"has ended {state}"
    return {
        key_of(each): {
            "service": each,
            "end_state": REFUSED,
            "message": f"{each} was not begun: {service}, in a batch before it, {how}.",
        }
        for each in later
    }


def unplanned(
    service: str, ended: Mapping[str, Any], after: Mapping[str, Any] | None, *, check_mode: bool = False
) -> dict[str, Any]:
    """The outcome of a run without a plan, a rollback or a roll.

    ``ended`` has ``end_state`` and, for failures and for work that is not about the traffic, ``message``. For a roll
    that failed it has ``reason``, ``rolled``, the result of rolling it back (without ``returned`` if it could not be
    started), and ``unfinished``, why that failed. ``after`` is the service as service_info returns it, None when it was
    not read.
    """
    if "reason" in ended:
        state, message = _failed_roll(service, **ended)
    else:
        state, message = ended["end_state"], ended.get("message", "")
        if check_mode and state not in (REFUSED, HALTED):
            state, message = CHECKED, ""
    where = f"; {standing(after)}" if after else ""
    return {
        "end_state": state,
        "stable": after["stable"] if after else None,
        "weights": after["weights"] if after else None,
        "message": message or f"{service} {DONE[state]}{where}.",
    }


def _failed_roll(
    service: str, reason: str, rolled: Mapping[str, Any], unfinished: str = "", **_others: Any
) -> tuple[str, str]:
    if unfinished:
        return HALTED, (
            f"The roll of {service} failed and could not be rolled back completely: a person has to act. Failed: "
            f"{reason} Then: {unfinished} Run status.yml to see the state of the service."
        )
    if "returned" not in rolled:
        return HALTED, (
            f"The roll of {service} could not be started: {reason} Check the service with status.yml, then run "
            "roll.yml again."
        )
    if rolled["returned"]:
        return ROLLED_BACK, f"The roll of {service} was rolled back; every instance has the previous image. {reason}"
    return HALTED, f"The roll of {service} failed and was not rolled back: {rolled['msg']} {reason}"


def facts(
    plan: Mapping[str, Any], after: Mapping[str, Any] | None, failure: Mapping[str, Any] | None, now: float
) -> dict[str, Any]:
    """What an outcome has in addition to its end state. ``plan`` is what module plan returned, ``after`` the service at
    the end, None when it cannot be read, ``now`` in seconds since the epoch."""
    before = plan["service"]["environments"][plan["service"]["stable"]]
    wanted = {key: plan["wanted"][key] or None for key in ("image_id", "release")}
    previous = after["environments"][after["candidate"]] if after else {}
    undo = previous if previous.get("group") and not runs(previous, plan["wanted"]) else {}
    return {
        "from": {key: before[key] for key in ("image_id", "release")},
        "to": wanted,
        "image": plan.get("image"),
        "seconds": round(now - plan["began"], 1),
        "reason": failure["reason"] if failure else None,
        "previous_image_id": undo.get("image_id"),
        "undo_until": undo.get("retain_until"),
    }


def facts_in_short(short: Outcome) -> dict[str, Any]:
    """The same of a rollback, and of a roll, which is undone in place: ``rollback.yml`` returns to the image before."""
    undo = short.before.image_id if short.is_roll and short.switches else ""
    found = {
        "from": short.before.as_data(),
        "to": short.to.as_data(),
        "seconds": (short.ended or short.began) - short.began,
        "reason": short.reason or None,
        "previous_image_id": undo or None,
        "undo_until": None,
    }
    return found if short.restored is None else {**found, "rollback_seconds": short.restored}
