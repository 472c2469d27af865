# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is to do in a service as it is, and what in the service itself prevents it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from ..definition.service import Definition
from ..launch.templates import encoded, fingerprint
from ..service.environments import Service
from .plan import (
    NOTHING,
    ROLL,
    Asked,
    BringUp,
    find_bring_up,
    find_hindrances,
    find_missing_candidate,
    find_move,
    find_roll_hindrances,
    nothing_to_do,
    rejection_message,
)


@dataclass(frozen=True)
class Intent:
    """``service`` is None when it cannot be read; then only the definition says what was asked for."""

    service: Service | None
    asked: Asked
    release: BringUp
    hindrances: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return self.service is not None and self.release.brings_up == NOTHING

    @property
    def summary(self) -> str:
        return nothing_to_do(self.service, self.asked) if self.service and self.is_empty else ""

    @property
    def wanted(self) -> Asked:
        """What is stable once the release has succeeded. Without an image, that is the candidate."""
        if self.service is None or self.asked.image_id or not self.release.candidate:
            return self.asked
        return self.asked.of(self.service.candidate_environment.group)

    @property
    def remarks(self) -> list[str]:
        """That a release is tried again."""
        candidate = self.service.candidate_environment.group if self.service else None
        if not candidate or self.release.candidate != candidate.name or self.release.replaces:
            return []
        return [rejection_message(candidate) + " It is tried again."] if candidate.marks.rejected else []

    def as_data(self) -> dict[str, Any]:
        release = self.release
        return {
            "brings_up": release.brings_up,
            "replaces": release.candidate if release.replaces else None,
            "relabels": release.relabels,
            "wanted": self.wanted.as_data(),
        }


def find_intent(definition: Definition, service: Service | None, stages: Collection[str]) -> Intent:
    """``stages`` are the parts of a release that the run is for, or ``roll``."""
    candidate = definition.candidate
    asked = Asked.read(candidate.image_id, candidate.release, fingerprint(encoded(candidate.user_data)))
    if service is None:
        return Intent(None, asked, BringUp())
    if "roll" in stages:
        live = service.stable_environment.group
        release = BringUp(ROLL, live.name if live else None)
        return Intent(service, asked, release, find_roll_hindrances(service, asked))
    if "provision" in stages:
        release = find_bring_up(service, asked, candidate.first_group)
        return Intent(service, asked, release, find_hindrances(service, asked, release))
    if not {"verify", "swap"} & set(stages):
        return Intent(service, asked, BringUp(NOTHING))
    release = find_move(service, asked)
    hindrances = find_missing_candidate(service, asked, release)
    if "swap" in stages and not definition.gates.override.allows("rejected"):
        hindrances += _rejected(service, release)
    return Intent(service, asked, release, hindrances)


def _rejected(service: Service, release: BringUp) -> list[str]:
    """A candidate that was returned."""
    candidate = service.candidate_environment.group
    if release.brings_up == NOTHING or candidate is None or not candidate.marks.rejected:
        return []
    return [
        f"{rejection_message(candidate)} Deploy a fixed image, or this one again with deploy.yml, which verifies it "
        "again. To move traffic to it as it is, set bluegreen_override to {reason: why, allow: [rejected]}."
    ]
