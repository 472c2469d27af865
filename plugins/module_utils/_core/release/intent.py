# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is to do in a service as it is, and what in the service itself prevents it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..base.tags import tags_of
from ..definition.service import Definition
from ..launch.templates import encoded, fingerprint
from ..refresh.history import Rolled
from ..service.environments import Service
from .bring_up import (
    NOTHING,
    ROLL,
    Asked,
    BringUp,
    find_bring_up,
    find_hindrances,
    find_missing_candidate,
    find_move,
    find_roll_hindrances,
    find_split,
    find_weightless_routes,
    nothing_to_do,
    rejection_message,
)
from .parts import ReleaseParts


@dataclass(frozen=True)
class Intent:
    """``service`` is None when it cannot be read; then only the definition says what was asked for."""

    parts: ReleaseParts
    service: Service | None
    asked: Asked
    bring_up: BringUp
    hindrances: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return self.service is not None and self.bring_up.kind == NOTHING

    @property
    def roll_has_begun(self) -> bool:
        """Whether a roll to the image has begun, or the group launches it already: what a roll needs to begin does not
        prevent that it is followed to its end, or that nothing is left to do."""
        group = self.service.stable_environment.group if self.service else None
        if self.bring_up.kind != ROLL or group is None:
            return False
        return self.asked.image_id in (group.image_id, Rolled.read(tags_of(group.described)).image)

    @property
    def summary(self) -> str:
        return nothing_to_do(self.service, self.asked) if self.service and self.is_empty else ""

    @property
    def wanted(self) -> Asked:
        """What is stable once the release has succeeded. Without an image, that is the candidate."""
        if self.service is None or self.asked.image_id or not self.bring_up.candidate:
            return self.asked
        return self.asked.of(self.service.candidate_environment.group)

    @property
    def remarks(self) -> list[str]:
        """That a release is tried again."""
        candidate = self.service.candidate_environment.group if self.service else None
        if not candidate or self.bring_up.candidate != candidate.name or self.bring_up.replaces:
            return []
        return [rejection_message(candidate) + " It is tried again."] if candidate.marks.rejected else []

    def as_data(self) -> dict[str, Any]:
        bring_up = self.bring_up
        return {
            "brings_up": bring_up.kind,
            "replaces": bring_up.candidate if bring_up.replaces else None,
            "relabels": bring_up.relabels,
            "wanted": self.wanted.as_data(),
        }


def find_intent(definition: Definition, service: Service | None, parts: ReleaseParts) -> Intent:
    candidate = definition.candidate
    asked = Asked.read(candidate.image_id, candidate.release, fingerprint(encoded(candidate.user_data)))
    if service is None:
        return Intent(parts, None, asked, BringUp())
    if parts.rolls:
        live = service.stable_environment.group
        bring_up = BringUp(ROLL, live.name if live else None)
        return Intent(parts, service, asked, bring_up, find_roll_hindrances(service))
    if parts.provisions:
        bring_up = find_bring_up(service, asked, candidate.first_group)
        hindrances = find_hindrances(service, asked, bring_up) or find_split(service, parts)
        return Intent(parts, service, asked, bring_up, hindrances + find_weightless_routes(service, bring_up))
    if not parts.needs_candidate:
        return Intent(parts, service, asked, BringUp(NOTHING))
    bring_up = find_move(service, asked)
    hindrances = find_missing_candidate(service, asked, bring_up) or find_split(service, parts)
    if parts.swaps and not definition.gates.override.allows("rejected"):
        hindrances += _rejected(service, bring_up)
    if parts.swaps:
        hindrances += find_weightless_routes(service, bring_up)
    return Intent(parts, service, asked, bring_up, hindrances)


def _rejected(service: Service, bring_up: BringUp) -> list[str]:
    """A candidate that was returned."""
    candidate = service.candidate_environment.group
    if bring_up.kind == NOTHING or candidate is None or not candidate.marks.rejected:
        return []
    return [
        f"{rejection_message(candidate)} Deploy a fixed image, or this one again with deploy.yml, which verifies it "
        "again. To move traffic to it as it is, set bluegreen_override to {reason: why, allow: [rejected]}."
    ]
