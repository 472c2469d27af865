# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run has ended: its end state, and the sentence that describes what happened and the state of the service."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ..base.end_states import CHECKED, HALTED, PROVISIONED, ROLLED_BACK, SUCCEEDED, UNCHANGED, VERIFIED
from ..service.phases import SETTLED
from ..service.status import abandoned
from ..traffic.pairs import COLORS
from .bring_up import FIRST, NOTHING
from .parts import ReleaseParts
from .watch import REMOVE, RETURN, ROLL_BACK

# How a watch has ended, by what it did or could not do.
WATCHED = {
    RETURN: (ROLLED_BACK, "The release of {} was rolled back."),
    REMOVE: (SUCCEEDED, "The rejected candidate of {} is removed."),
    ROLL_BACK: (ROLLED_BACK, "{} was returned to the previous release."),
}
LEFT = {
    RETURN: "The release of {} could not be rolled back completely: a person has to act.",
    REMOVE: "The rejected candidate of {} could not be removed.",
    ROLL_BACK: "{} could not be returned to the previous release completely: a person has to act.",
}

Shown = Mapping[str, Any]  # a service, as service_info returns it


@dataclass(frozen=True)
class Failure:
    """``returned``: this run has moved traffic back. ``unfinished`` is why not everything could be returned, and
    ``other_run`` the run that has taken the candidate over, whose traffic was left alone."""

    reason: str
    returned: bool = False
    unfinished: str = ""
    other_run: str = ""


@dataclass(frozen=True)
class Ended:
    """A run. ``plan`` is what module plan returned; ``after`` is the service at its end, None when it cannot be read,
    and then ``known`` is the service as it was last read, and ``shifted`` the weights by color that were written since.
    ``attempted`` is the candidate's weight in a shift of which nobody knows whether it was done."""

    plan: Mapping[str, Any]
    after: Shown | None
    known: Shown
    shifted: Mapping[str, int] | None = None
    attempted: int | None = None
    check_mode: bool = False
    failure: Failure | None = None

    def outcome(self) -> dict[str, Any]:
        if self.failure:
            state, message = self._failed(self.failure)
        else:
            state, done = self._done()
            message = f"{done} {self._standing()}"
        service = self.after or {}
        return {
            "end_state": state,
            "stable": service.get("stable"),
            "weights": service.get("weights"),
            "sessions": service.get("sessions"),
            "message": message,
        }

    # -- nothing has failed

    def _done(self) -> tuple[str, str]:
        name = self._name
        if self.after is None:
            return HALTED, f"All stages of {name} have ended. Check it with status.yml when AWS answers again."
        if self.check_mode:
            return CHECKED, f"Check mode has changed nothing of {name}."
        if (due := self._due) in WATCHED:
            return WATCHED[due][0], f"{WATCHED[due][1].format(name)} {self._why}"
        if not self._changed(self.after):
            return UNCHANGED, f"Nothing of {name} was to be changed. {self._why or self._abandoned}".rstrip()
        if not self._parts.needs_candidate:
            return SUCCEEDED, f"The old environment of {name} is removed."
        if self._parts.swaps or self.plan["brings_up"] in (FIRST, NOTHING):
            return self._reached(self.after, self.after["stable"], SUCCEEDED)
        state = VERIFIED if self._parts.verifies else PROVISIONED
        return self._reached(self.after, self.after["candidate"], state)

    def _changed(self, after: Shown) -> bool:
        """A candidate that is verified is the same before and after."""
        before = self.plan["service"]
        return bool(self.plan["brings_up"] != NOTHING or _identity(before) != _identity(after))

    def _reached(self, after: Shown, color: str, state: str) -> tuple[str, str]:
        """The end state, if what was asked for runs in this color."""
        environment, wanted = after["environments"][color], self.plan["wanted"]
        role = "stable" if color == after["stable"] else "the candidate's environment"
        if runs(environment, wanted):
            done = "released" if state == SUCCEEDED else state
            return state, f"{self._name} is {done}: {color} runs {_what(environment)} and is {role}."
        label = f" as release {wanted['release']}" if wanted["release"] else ""
        data = " with the user data of bluegreen_user_data" if wanted["user_data"] else ""
        return HALTED, (
            f"The stages of {self._name} have ended, but {color}, {role}, does not run {wanted['image_id']}{label}"
            f"{data}: it runs {_what(environment)}. Stages were left out, or somebody else has changed the service. "
            "Check it with status.yml, then run again."
        )

    # -- a stage has failed

    def _failed(self, failure: Failure) -> tuple[str, str]:
        name, reason, after = self._name, failure.reason, self.after
        if self.check_mode:
            return CHECKED, f"Check mode has changed nothing of {name}. The run would fail: {reason} {self._standing()}"
        if failure.other_run:
            return HALTED, (
                f"The release of {name} failed: {reason} Run {failure.other_run} has taken the candidate over, so this "
                f"run has left the traffic to it. {self._standing()} Wait for that run, or return the traffic with "
                "rollback.yml."
            )
        if failure.unfinished:
            return HALTED, (
                f"The release of {name} failed and could not be rolled back completely: a person has to act. Failed: "
                f"{reason} Then: {failure.unfinished} {self._standing()} Run rollback.yml as soon as AWS answers."
            )
        if after is None:
            return HALTED, f"The release of {name} failed: {reason} {self._standing()} Check it with status.yml."
        if after["stable"] != self.plan["service"]["stable"] and self._parts.swaps:
            return SUCCEEDED, f"The release of {name} stays, but what followed failed; {standing(after)}. {reason}"
        if self._due in LEFT:
            return HALTED, f"{LEFT[self._due].format(name)} {reason} {self._standing()} The next watch tries it again."
        live = after["environments"][after["stable"]]
        if self.plan["brings_up"] == FIRST and live["group"]:
            said = (
                f"The first release of {name} failed: {reason} {live['group']} stays in {after['stable']}, and "
                f"{standing(after)}. Fix what failed, then run the same playbook again: it continues with this group."
            )
            return HALTED, said if live["healthy"] else f"{said} {_instead_of(live['group'])}"
        if failure.returned or self._has_candidate:
            return ROLLED_BACK, f"The release of {name} was rolled back; {standing(after)}. {reason} {_kept(after)}"
        return HALTED, f"The run for {name} failed, and there was nothing to return: {reason} {self._standing()}"

    @property
    def _parts(self) -> ReleaseParts:
        return ReleaseParts(self.plan["parts"])

    @property
    def _due(self) -> str:
        """What a watch has found to do, but for a release that it has taken on: that ends as any other."""
        return str(self.plan.get("watch", {}).get("do", ""))

    @property
    def _why(self) -> str:
        return str(self.plan.get("watch", {}).get("why", ""))

    @property
    def _abandoned(self) -> str:
        """What a run that died has left to others, such as a teardown that finds nothing due."""
        service = self.plan["service"]
        lease = service["lease"]
        return abandoned(lease) if lease and not lease["alive"] and service["phase"] != SETTLED else ""

    @property
    def _has_candidate(self) -> bool:
        return self._parts.needs_candidate and bool(self.plan["brings_up"] != NOTHING)

    # -- the state of the service

    @property
    def _name(self) -> str:
        return str(self.plan["service"]["service"])

    def _standing(self) -> str:
        if self.after:
            said = standing(self.after)
            return f"{said[0].upper()}{said[1:]}."
        tried = (
            f" This run tried to give {self.known['candidate']} {self.attempted} % after that, and may have done so."
        )
        return (
            f"The current state could not be read; the last known state is that {self._last_known()}."
            f"{'' if self.attempted is None else tried}"
        )

    def _last_known(self) -> str:
        if not self.shifted:
            return standing(self.known)
        environments = {
            color: {**its, "weight": self.shifted.get(color, 0)} for color, its in self.known["environments"].items()
        }
        return standing({**self.known, "weights": self.shifted, "environments": environments})


def fails(end_state: str, fail_on: Collection[str], plan: Mapping[str, Any], *, failed: bool = False) -> bool:
    """Whether the job fails. A watch that has returned the traffic has done what it is for, as rollback.yml has.

    ``failed``: a stage has failed. After a release that stays, this fails the job unless no end state is to.
    """
    done = end_state == ROLLED_BACK and plan.get("watch", {}).get("do") in (RETURN, ROLL_BACK)
    followed = failed and end_state == SUCCEEDED and bool(fail_on)
    return (end_state in fail_on and not done) or followed


def standing(service: Shown) -> str:
    """Who has the traffic."""
    if service["weights"] is None:
        return "the routes split the traffic differently"
    shares = {color: service["environments"][color]["weight"] for color in COLORS}
    whole = [color for color, share in shares.items() if share == 100]
    if whole:
        return f"{whole[0]} has all traffic"
    return f"blue has {shares['blue']} % and green {shares['green']} % of the traffic"


def _kept(service: Shown) -> str:
    """What is left of a candidate, and what to do next."""
    candidate = service["environments"][service["candidate"]]
    if candidate["group"] is None:
        return "Nothing of the candidate is kept. Fix what failed, then deploy again."
    kept = f"{candidate['group']} is kept for inspection{' and marked as rejected' if candidate['rejected'] else ''}."
    return f"{kept} Fix what failed, then deploy again: another image replaces it."


def _instead_of(first_group: str) -> str:
    """A run makes no first group next to one, so one that never became healthy is in the way of another."""
    return (
        f"To release another image, or with other settings, delete {first_group} first: it has no healthy target, and "
        "stays as it is."
    )


def runs(environment: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Whether an environment runs what is wanted; what is empty is left open."""
    return all(
        wanted[key] in ("", environment[shown])
        for key, shown in (("image_id", "image_id"), ("release", "release"), ("user_data", "user_data_sha256"))
    )


def _what(environment: Mapping[str, Any]) -> str:
    return f"{environment['release']} ({environment['image_id']})" if environment["group"] else "nothing"


def _identity(service: Shown) -> Any:
    """What a run changes of a service."""
    keys = ("group", "image_id", "release", "user_data_sha256", "weight")
    return service["stable"], [[service["environments"][color][key] for key in keys] for color in COLORS]
