# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has to bring up, or to move traffic to, in a service as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..base.columns import percents
from ..base.tags import COLOR, SERVICE
from ..base.timestamps import to_the_minute
from ..group.names import next_group_name
from ..service.environments import Environment, Service, highest_weight
from ..service.group import Group
from .parts import ReleaseParts

CANDIDATE, FIRST, NOTHING, ROLL = "candidate", "first", "nothing", "roll"


@dataclass(frozen=True)
class Asked:
    """What is to run at the end; an empty field leaves it open. ``user_data`` is a fingerprint."""

    image_id: str = ""
    release: str = ""
    user_data: str = ""

    @classmethod
    def read(cls, image_id: str | None, release: str | None, user_data: str) -> Asked:
        """A label that is the image's id is the default, so nobody asked for it."""
        return cls(image_id or "", "" if release in (None, image_id) else str(release), user_data)

    def of(self, group: Group | None) -> Asked:
        """The same, and for what is left open what the group has."""
        if group is None:
            return self
        return Asked(
            self.image_id or group.image_id or "",
            self.release or group.release or "",
            self.user_data or group.user_data,
        )

    def launched_by(self, group: Group | None) -> bool:
        """Whether the group launches this image with this user data, whatever its label is."""
        return group is not None and self.image_id in ("", group.image_id) and self.user_data in ("", group.user_data)

    def labels(self, group: Group | None) -> bool:
        """Whether the group has another label than this."""
        return group is not None and self.release not in ("", group.release)

    def as_data(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class BringUp:
    """What a run brings up. ``kind`` is CANDIDATE, FIRST, NOTHING or ROLL.

    ``source`` is the group to build from, to make from the definition ``first_group``, or to roll; None when none of
    it is to be done. ``candidate`` is a group that is there already, to continue with, or, when it ``replaces`` it, to
    remove first. ``relabels`` is a group that stays and gets the label that was asked for.
    """

    kind: str = CANDIDATE
    source: str | None = None
    candidate: str | None = None
    first_group: Mapping[str, Any] | None = None
    replaces: bool = False
    relabels: str | None = None

    @property
    def creates_group(self) -> bool:
        """Whether a group is to be created, if anything is brought up."""
        return self.candidate is None or self.replaces

    @property
    def adds_group(self) -> bool:
        """Whether there will be one group more. A candidate that is there has its room."""
        return self.kind != ROLL and self.source is not None and self.candidate is None

    @property
    def sized(self) -> str:
        """Who takes the room, as a sentence begins."""
        return f"The first group {self.source}" if self.first_group else f"A group of the size of {self.source}"


def find_bring_up(service: Service, asked: Asked, first_group: Mapping[str, Any]) -> BringUp:
    """``first_group`` is the definition of the first group, empty for none."""
    stable = service.stable_environment.group
    candidate = service.candidate_environment.group
    if first_group and candidate is None and stable is None:
        return BringUp(FIRST, next_group_name(service.name, service.stable, []), first_group=first_group)
    if first_group and candidate is None and asked.launched_by(stable) and not service.declared:
        return BringUp(FIRST)  # a run made it, and died before it was declared stable
    if stable and asked.launched_by(stable) and not service.is_shifting:
        return BringUp(NOTHING, relabels=stable.name if asked.labels(stable) else None)
    source = stable.name if stable else None
    if candidate is None:
        return BringUp(CANDIDATE, source)
    # What somebody has begun to remove is no candidate: the removal is finished first.
    leaving = candidate.marks.leaving is not None and not service.is_shifting
    if leaving or not asked.launched_by(candidate):
        return BringUp(CANDIDATE, source, candidate.name, replaces=True)
    return BringUp(CANDIDATE, source, candidate.name, relabels=candidate.name if asked.labels(candidate) else None)


def find_move(service: Service, asked: Asked) -> BringUp:
    """For a run that builds nothing: it continues with a candidate that is there."""
    stable, candidate = (service.environments[color].group for color in (service.stable, service.candidate))
    other = asked.launched_by(stable) and not asked.launched_by(candidate)
    if service.is_settled or (other and not service.is_shifting):
        return BringUp(NOTHING)
    return BringUp(CANDIDATE, candidate=candidate.name if candidate else None)


def find_hindrances(service: Service, asked: Asked, bring_up: BringUp) -> list[str]:
    """What in the service itself prevents that it is built and shifted to."""
    if bring_up.kind != CANDIDATE:
        return []
    candidate, found = service.candidate_environment, []
    if service.is_shifting and not asked.launched_by(candidate.group):
        found.append(_shifting(service, candidate, asked))
    if bring_up.source is None:
        found.append(f"{_no_group(service)} When nothing runs yet, define the first one in bluegreen_group.")
    return found


def _shifting(service: Service, candidate: Environment, asked: Asked) -> str:
    """To something else than was asked for."""
    shifted, image, group = "something else", "that image", candidate.group
    if group:
        shifted, image = group.release or "", group.image_id or image
    split = f"{candidate.color} has {_share(service, candidate)} of the traffic"
    if asked.image_id in ("", image):
        return (
            f"{service.name} is being shifted to {shifted} with other user data ({split}). To finish, set "
            "bluegreen_user_data as it was, or to nothing (-e bluegreen_user_data=), or run rollback.yml first."
        )
    return (
        f"{service.name} is being shifted to {shifted} ({split}). Deploy {image} again to finish, or run rollback.yml "
        "first."
    )


def find_split(service: Service, parts: ReleaseParts) -> list[str]:
    """Why a run that moves no traffic leaves a split alone: with its end, nobody would return what a run that died or
    paused has left, neither AWS nor a watch."""
    if parts.swaps or not service.is_shifting:
        return []
    candidate = service.candidate_environment
    return [
        f"{candidate.color} has {_share(service, candidate)} of the traffic of {service.name}, and this run would not "
        "continue with the shift. Run swap.yml or deploy.yml to finish it, or rollback.yml to return the traffic."
    ]


def find_weightless_routes(service: Service, bring_up: BringUp) -> list[str]:
    """Routes whose weights are all 0. A first group is brought up for users who have nobody yet."""
    if bring_up.kind == FIRST:
        return []
    return [
        f"All weights of {title} are 0, so users are not served. Run rollback.yml, which gives all traffic to "
        f"{service.stable}, or correct the weights."
        for title in service.weightless_routes
    ]


def _share(service: Service, environment: Environment) -> str:
    """The routes may disagree."""
    return percents(environment.weight, highest_weight(service.routes, environment.color))


def find_missing_candidate(service: Service, asked: Asked, bring_up: BringUp) -> list[str]:
    """Why a run that builds nothing has no candidate to continue with."""
    stable, candidate = (service.environments[color] for color in (service.stable, service.candidate))
    if bring_up.kind == NOTHING:
        if not asked.image_id or (asked.launched_by(stable.group) and not asked.labels(stable.group)):
            return []
        return [f"{service.name} has no candidate: {_runs(service, service.stable)}. {_provision(asked)}"]
    if candidate.group is None:
        return [
            f"{candidate.color} has {_share(service, candidate)} of the traffic of {service.name} and no Auto "
            "Scaling group. Return the traffic with rollback.yml."
        ]
    if stable.group is None and not service.declared:
        return [_no_group(service)]
    if not asked.launched_by(candidate.group) or asked.labels(candidate.group):
        return [
            f"The candidate of {service.name} is another one: {_runs(service, candidate.color)}. {_provision(asked)}"
        ]
    return []


def find_roll_hindrances(service: Service) -> list[str]:
    """Why the instances of the environment that is live cannot be replaced in place."""
    stable, other = (service.environments[color] for color in (service.stable, service.candidate))
    if stable.group is None:
        return [_no_group(service)]
    if other.group is None:
        return []
    return [
        f"{service.name} has a second environment, {other.group.name}, in {other.color}: after a roll, rollback.yml "
        "could not know which of the two is the previous release. Remove it with teardown.yml, or roll it back with "
        "rollback.yml first."
    ]


def rejection_message(candidate: Group) -> str:
    """That this group was returned, since when and why; empty for one that was not."""
    rejected = candidate.marks.rejected
    if rejected is None:
        return ""
    at = f" at {to_the_minute(rejected.at)}" if rejected.at else ""
    return f"{candidate.name} ({candidate.release}) was rejected{at}: {rejected.reason.rstrip('.')}."


def nothing_to_do(service: Service, asked: Asked) -> str:
    stable = service.stable_environment.group
    if not asked.image_id:
        return f"{service.name} has no candidate: there is nothing to do."
    runs = f"{stable.release} ({stable.image_id})" if stable else "it"
    said = (
        f"{service.name} runs {runs} in {service.stable}, its stable environment, already: there is nothing to release"
    )
    return f"{said}, only its label to change to {asked.release}." if asked.labels(stable) else f"{said}."


def _no_group(service: Service) -> str:
    return (
        f"{service.name} has no Auto Scaling group for {service.stable}, its stable environment. Tag the group that "
        f"runs it with {SERVICE}={service.name} and {COLOR}={service.stable}."
    )


def _runs(service: Service, color: str) -> str:
    group = service.environments[color].group
    return f"{color} runs {group.release} ({group.image_id})" if group else f"{color} runs nothing"


def _provision(asked: Asked) -> str:
    label = f" as release {asked.release}" if asked.release else ""
    data = " with the user data of bluegreen_user_data" if asked.user_data else ""
    return f"You asked for {asked.image_id or 'a candidate'}{label}{data}: run provision.yml with it first."
