# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides how the candidate's Auto Scaling group comes to be: built from the live one, or kept and completed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from ..base.tags import COPYING, REJECTED, RELEASE, RETAIN_UNTIL, RUN, tags_of
from ..launch.sources import LaunchPlan
from ..launch.templates import Data
from ..refresh.state import Refresh, check_not_rolled
from .clone import Group, Size, WantedClone, group_as_data, request
from .clone_checks import check_all_served, check_reuse, check_user_data, is_of
from .clone_parts import Accepted, FollowUp, Parts, follow_up
from .clone_warnings import warnings
from .names import check_group_name, newest, next_group_name
from .repointing import Repointing, TargetGroup
from .tag_limits import check_release, find_lack_of_tags
from .zones import check_zones

OUTDATED = (RETAIN_UNTIL, COPYING, REJECTED)  # tags that a clone loses when a release takes it up


@dataclass(frozen=True)
class Material:
    """What a clone is made of. ``twins``: the clone's target groups, by the ARNs of those of the source whose place
    they take. ``balancers`` are the load balancers of the clone's. ``accepted`` is what the API takes, ``read_at`` is
    in seconds since the epoch."""

    parts: Parts
    target_groups: Sequence[TargetGroup]
    twins: Mapping[str, TargetGroup]
    accepted: Accepted
    read_at: float
    balancers: Sequence[Mapping[str, Any]] = ()

    def rest(self, source: Group, service: str, clone: str) -> FollowUp:
        repointing = Repointing.between(source["AutoScalingGroupName"], clone, self.twins)
        return follow_up(source, self.parts, service, repointing, self.accepted, self.read_at)

    @property
    def scales(self) -> bool:
        return bool(self.parts.policies or self.parts.schedules)

    def warnings(self, source: Group) -> list[str]:
        return warnings(source, self.parts, self.accepted, self.read_at)


@dataclass(frozen=True)
class Facts:
    """``groups`` are those that were looked for, by name. ``existing`` is the clone, where it is there already.

    ``material`` is None for a clone that is complete. ``launch`` and ``refresh`` (one in progress on the source) are
    read for a clone that is to be built.
    """

    source: Group
    groups: Mapping[str, Group]
    existing: Group | None = None
    material: Material | None = None
    launch: LaunchPlan | None = None
    refresh: Refresh | None = None


@dataclass(frozen=True)
class Building:
    """A clone to be made. ``made`` is the group once it is there."""

    source: Group
    wanted: WantedClone
    target_groups: Sequence[str]
    rest: FollowUp
    launch: LaunchPlan
    remarks: Sequence[str]
    made: Group | None = None

    @property
    def name(self) -> str:
        return self.rest.repointing.clone

    def request(self) -> dict[str, Any]:
        return request(self.source, self.wanted, self.target_groups, self.rest, self.launch.fields())

    def as_data(self) -> dict[str, Any]:
        group = group_as_data(self.made or self.request(), self.wanted.image_id, self.launch.main.template_name)
        copied = self.rest.as_data()
        return {
            "changed": True,
            "group": group,
            "copied": copied,
            "warnings": list(self.remarks),
            "diff": {"before": {}, "after": {**group, "copied": copied}},
        }


@dataclass(frozen=True)
class Keeping:
    """A clone that exists is completed if its run died, labeled, assigned to this run, and no longer due for removal or
    rejected. The rest stays. Who acts on it (``owner``) is no change of the clone."""

    group: Group
    image_id: str
    rest: FollowUp | None
    outdated: Mapping[str, str]
    label: Mapping[str, str]
    owner: Mapping[str, str]
    remarks: Sequence[str] = ()

    @property
    def name(self) -> str:
        return str(self.group["AutoScalingGroupName"])

    def as_data(self) -> dict[str, Any]:
        tags = tags_of(self.group)
        released = {"release": self.label[RELEASE]} if RELEASE in self.label else {}
        return {
            "changed": bool(self.outdated or self.label),
            "group": group_as_data(self.group, self.image_id) | released,
            **({} if self.rest is None else {"copied": self.rest.as_data()}),
            "warnings": list(self.remarks),
            "diff": {
                "before": {**self.outdated, **{key: tags.get(key) for key in self.label}},
                "after": dict(self.label),
            },
        }


def others_of(groups: Mapping[str, Group], wanted: WantedClone) -> list[Group]:
    """The groups that may be the clone already."""
    if wanted.name:
        return [groups[wanted.name]] if wanted.name in groups else []
    return [
        group for name, group in groups.items() if name != wanted.source and is_of(group, wanted.service, wanted.color)
    ]


def find_existing(others: Sequence[Group], launched: Mapping[str, Data], wanted: WantedClone) -> Group | None:
    """The one of this name, or else the newest with this image and user data. ``launched`` is by name."""
    if wanted.name and others:
        (group,) = others
        check_reuse(group, launched[wanted.name].get("ImageId"), wanted.service, wanted.color, wanted.image_id)
        check_user_data(group, launched[wanted.name], wanted.user_data)
    same = {
        str(each["AutoScalingGroupName"]): each
        for each in others
        if wanted.is_launched_by(launched[each["AutoScalingGroupName"]])
    }
    return same[newest(wanted.service, same)] if same else None


def decide(facts: Facts, wanted: WantedClone) -> Building | Keeping:
    check_release(wanted.label)
    if facts.existing:
        return _keep(facts, facts.existing, wanted)
    return _build(facts, wanted)


def _keep(facts: Facts, group: Group, wanted: WantedClone) -> Keeping:
    tags, material = tags_of(group), facts.material
    labeled = wanted.release in ("", wanted.image_id, tags.get(RELEASE))  # the image's id was nobody's wish
    return Keeping(
        group=group,
        image_id=wanted.image_id,
        rest=material.rest(facts.source, wanted.service, group["AutoScalingGroupName"]) if material else None,
        outdated={key: tags[key] for key in OUTDATED if key in tags},
        label={} if labeled else {RELEASE: wanted.release},
        owner={RUN: wanted.run} if wanted.run and wanted.run != tags.get(RUN) else {},
        remarks=material.warnings(facts.source) if material else (),
    )


def _build(facts: Facts, wanted: WantedClone) -> Building:
    source, material, launch = facts.source, facts.material, facts.launch
    if material is None or launch is None:
        raise TypeError("A clone is built of what was read for it.")
    name = wanted.name or next_group_name(wanted.service, wanted.color, facts.groups)
    check_group_name(name)
    if lack := find_lack_of_tags(source):
        raise BluegreenError(" ".join(lack))
    check_not_rolled(facts.refresh)
    arns = [each["TargetGroupArn"] for each in material.target_groups]
    check_all_served(source, arns)
    check_zones(source, material.balancers)
    size = Size.read(source, wanted.headroom_percent)
    return Building(
        source=source,
        wanted=wanted,
        target_groups=arns,
        rest=material.rest(source, wanted.service, name),
        launch=launch,
        remarks=[*material.warnings(source), *size.warnings(source, scales=material.scales), *launch.warnings()],
    )
