# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The releases that users got, and which of them failed, from what runs did.

Several runs may be about one deployment: the one that released it, the rollback that took it back, the run that noticed
the rollback, the watch that ended what was left. They are matched by the image.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from ..base.end_states import HALTED, ROLLED_BACK, SUCCEEDED
from .outcome import Outcome

WORKS = {"deploy", "swap", "roll"}  # what gives users another release


@dataclass(frozen=True)
class Deployment:
    """A release of ``image`` that users got, be it for a moment. The first run about it ended ``at``, the last one at
    ``latest``. ``restored``: in how many seconds. ``broken_since``: it failed then, and is not restored yet. ``died``:
    the last run about it could not say how it ended.
    """

    image: str
    at: int
    latest: int
    failed: bool = False
    restored: int | None = None
    broken_since: int | None = None
    died: bool = False

    @classmethod
    def of(cls, outcome: Outcome) -> Deployment:
        return cls(_image(outcome), _end(outcome), _end(outcome))

    def failed_by(self, outcome: Outcome) -> Deployment:
        """After a run that has returned the traffic, or has left it to a person."""
        failed = replace(self, failed=True, latest=_end(outcome), died=not outcome.end_state)
        if outcome.end_state == ROLLED_BACK:
            return failed.restored_by(outcome)
        is_first = outcome.end_state == HALTED and not self.failed
        return replace(failed, broken_since=_end(outcome)) if is_first else failed

    def restored_by(self, outcome: Outcome) -> Deployment:
        """From its failure on where that is known, else in the time that the run itself took."""
        if self.broken_since is not None:
            return replace(self, restored=_end(outcome) - self.broken_since, broken_since=None)
        return replace(self, restored=outcome.restored) if self.restored is None else self


def deployments_of(outcomes: Iterable[Outcome], died: Collection[str] = ()) -> list[Deployment]:
    """The earliest first. ``died``: the runs that ended without a word when users had their release."""
    found: list[Deployment] = []
    for outcome in sorted(outcomes, key=_end):
        if _releases(outcome):
            _succeed(found, outcome)
        elif _fails(outcome) or (outcome.run in died and _works(outcome)):
            if (place := _known(found, outcome)) is None:
                found.append(Deployment.of(outcome))
                place = -1
            found[place] = found[place].failed_by(outcome)
    return found


def _succeed(found: list[Deployment], outcome: Outcome) -> None:
    """It restores what needed a person, and continues the release of a run that died."""
    if found and found[-1].broken_since is not None:
        found[-1] = found[-1].restored_by(outcome)
    elif found and found[-1].died and found[-1].image == _image(outcome):
        found.pop()
    found.append(Deployment.of(outcome))


def _releases(outcome: Outcome) -> bool:
    return _works(outcome) and outcome.end_state == SUCCEEDED and outcome.switches


def _fails(outcome: Outcome) -> bool:
    """Whether users had the release when the run returned the traffic, or left it to a person."""
    if outcome.end_state == HALTED:
        return _works(outcome)
    if outcome.end_state != ROLLED_BACK:
        return False
    if outcome.is_rollback:
        return bool(outcome.to.image_id)  # else the candidate was rejected before it had traffic
    return outcome.served and (_works(outcome) or outcome.is_watch)


def _works(outcome: Outcome) -> bool:
    return not WORKS.isdisjoint(outcome.doing.split())  # such as: verify and swap


def _known(deployments: Sequence[Deployment], outcome: Outcome) -> int | None:
    """The place of the deployment that has failed, where an earlier run was about it."""
    if not deployments:
        return None
    last = len(deployments) - 1
    if outcome.is_rollback:
        stable = max((place for place, each in enumerate(deployments) if not each.failed), default=last)
        return next((place for place in (last, stable) if deployments[place].image == _image(outcome)), None)
    known = deployments[last]
    is_open = known.died or known.broken_since is not None
    goes_on = is_open or outcome.began < known.latest  # the run that a rollback has stopped
    return last if goes_on and known.image == _image(outcome) else None


def _image(outcome: Outcome) -> str:
    return (outcome.rolled_back or outcome.to).image_id


def _end(outcome: Outcome) -> int:
    return outcome.ended or outcome.began
