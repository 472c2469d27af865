# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which color is declared stable, until when each group is retained, and what is not marked as the service's yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..base.arns import is_arn, target_group_name
from ..base.errors import BluegreenError
from ..base.tags import COLOR, REJECTED, RELEASE, SERVICE, STABLE, find_other_run, tags_of
from ..base.timestamps import to_the_minute
from ..group.marks import HOOK, Marks, Remark
from ..group.removal_protection import lacking_guards
from ..traffic.decisions import check_expected
from ..traffic.pairs import COLORS, Color, other
from ..traffic.route import Route
from .override import Override
from .retention import read_deadline
from .stable import TargetGroups, arns_of


@dataclass(frozen=True)
class Settlement:
    """``stable`` is empty before anything was declared, or when the target groups disagree.

    ``unclaimed``: the tags that say whose it is and what it runs, as far as it lacks them, by target group ARN or by
    group. ``leaving``: by group, that somebody is removing it. ``guards``: what protects the group that is stable until
    now, as far as the next one lacks it.
    """

    stable: Color
    retain_until: Mapping[Color, datetime | None]
    unclaimed: Mapping[str, Mapping[str, str]]
    rejected: bool = False
    leaving: Mapping[str, Remark] = field(default_factory=dict)
    guards: Mapping[str, Any] = field(default_factory=dict)

    def settled(self, stable: Color, deadline: datetime | None) -> Settlement:
        """Once ``stable`` is declared: it is not retained, the other is, up to the deadline it has or gets now.

        What was stable until now has no deadline of its own: a tag says one only if a run died while it settled.
        """
        old = other(stable)
        kept = None if self.stable == old else self.retain_until[old]
        retain_until = {stable: None, old: kept or deadline}
        return replace(self, stable=stable, retain_until=retain_until, unclaimed={}, rejected=False, guards={})

    def as_data(self) -> dict[str, object]:
        deadlines = {color: until.isoformat() if until else None for color, until in self.retain_until.items()}
        return {"stable": self.stable or None, "retain_until": deadlines}


@dataclass(frozen=True)
class WantedSettlement:
    """``groups`` are the Auto Scaling groups by color, as far as there are any. ``deadline``: until when the group of
    the other color is retained; None for no end. ``run``: the id of the run that settles; None compares nothing.
    ``release``: the label that the stable group gets, empty for the one it has."""

    service: str
    stable: Color
    groups: Mapping[Color, str]
    deadline: datetime | None = None
    run: str | None = None
    release: str = ""
    override: Override = field(default_factory=Override)

    def __post_init__(self) -> None:
        if self.stable not in self.groups:
            raise BluegreenError(f"{self.stable} cannot be declared stable: groups names no Auto Scaling group for it.")

    @property
    def group(self) -> str:
        """The one that is to be stable."""
        return self.groups[self.stable]

    @property
    def old(self) -> str | None:
        """The one of the other color."""
        return self.groups.get(other(self.stable))


@dataclass(frozen=True)
class Facts:
    """``tags`` of the target groups by ARN; ``groups`` by name, as DescribeAutoScalingGroups returns them; ``routes``
    that are to give the environment that becomes stable everything."""

    target_groups: TargetGroups
    tags: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, Mapping[str, Any]]
    routes: Sequence[Route] = ()

    def group_tags(self, name: str) -> dict[str, str]:
        return tags_of(self.groups[name])


@dataclass(frozen=True)
class Plan:
    """What is to be written, so that ``after`` holds where ``before`` does."""

    wanted: WantedSettlement
    target_groups: Sequence[str]
    before: Settlement
    after: Settlement

    def as_data(self) -> dict[str, Any]:
        before, after = self.before, self.after
        return {
            "changed": after != before,
            **after.as_data(),
            "diff": {
                "before": {**before.as_data(), "unclaimed": dict(before.unclaimed)},
                "after": {**after.as_data(), "unclaimed": dict(after.unclaimed), **before.guards},
            },
        }


def decide(facts: Facts, wanted: WantedSettlement) -> Plan:
    """An error for what may not be declared stable."""
    for name in wanted.groups.values():
        if name not in facts.groups:
            raise BluegreenError(f"There is no Auto Scaling group {name}.")
    check_run(wanted.group, facts.group_tags(wanted.group), wanted.run)
    check_expected(facts.routes, {wanted.stable: 100, other(wanted.stable): 0})
    before = _settlement(facts, wanted)
    if before.stable != wanted.stable:
        check_leaving(wanted.service, wanted.stable, wanted.group, before.leaving.get(wanted.group), wanted.override)
    after = before.settled(wanted.stable, wanted.deadline if wanted.old else None)
    return Plan(wanted, arns_of(facts.target_groups), before, after)


def _settlement(facts: Facts, wanted: WantedSettlement) -> Settlement:
    """As it is now."""
    group_tags = {name: facts.group_tags(name) for name in wanted.groups.values()}
    declared = {facts.tags[arn].get(STABLE) for arn in arns_of(facts.target_groups)}
    stable = (declared.pop() or "") if len(declared) == 1 else ""
    until = {color: read_deadline(group_tags[name]) for color, name in wanted.groups.items()}
    guards: Mapping[str, Any] = {}
    if stable != wanted.stable and wanted.old:
        guards = lacking_guards(facts.groups[wanted.group], facts.groups[wanted.old])
    return Settlement(
        stable=stable,
        retain_until={color: until.get(color) for color in COLORS},
        unclaimed={resource: lacking for resource, lacking in _claims(facts, wanted) if lacking},
        rejected=REJECTED in group_tags[wanted.group],
        leaving={name: remark for name, its in group_tags.items() if (remark := Marks.read(its).leaving)},
        guards=guards,
    )


def _claims(facts: Facts, wanted: WantedSettlement) -> Iterator[tuple[str, dict[str, str]]]:
    """What each target group and each group lacks to be the service's, and to have its label."""
    for color, arns in facts.target_groups.items():
        for arn in arns:
            yield arn, lacking_claim(wanted.service, color, arn, facts.tags[arn])
    for color, name in wanted.groups.items():
        tags = facts.group_tags(name)
        relabels = name == wanted.group and wanted.release and tags.get(RELEASE) != wanted.release
        label = {RELEASE: wanted.release} if relabels else {}
        yield name, lacking_claim(wanted.service, color, name, tags) | label


def check_run(group: str, tags: Mapping[str, str], run: str | None) -> None:
    """``run`` is the id of the run that settles; None compares nothing."""
    if finding := find_other_run(group, tags, run):
        raise BluegreenError(f"{finding} So it is not declared stable. Check it with status.yml.")


def lacking_claim(service: str, color: Color, resource: str, tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that make a target group or a group the service's, as far as it lacks them."""
    claim = {SERVICE: service, COLOR: color}
    for key, value in claim.items():
        if tags.get(key, value) != value:
            name = target_group_name(resource) if is_arn(resource) else resource
            raise BluegreenError(
                f"{name} is tagged {key}={tags[key]}, so it is not {service}'s {color}; name another one, or correct "
                "the tag."
            )
    return {key: value for key, value in claim.items() if key not in tags}


def check_leaving(service: str, color: Color, group: str, remark: Remark | None, override: Override) -> None:
    """An error, before anything is written, for an environment whose hook has begun."""
    if remark and remark.reason.startswith(HOOK) and not override.allows("leaving"):
        refuse_leaving(service, color, group, remark, refused=True)


def refuse_leaving(service: str, color: Color, group: str, remark: Remark, **facts: Any) -> None:
    """Nobody declares an environment stable that somebody is removing."""
    since = f" since {to_the_minute(remark.at)}" if remark.at else ""
    hook = " A hook may have changed what its release needs." if remark.reason.startswith(HOOK) else ""
    raise BluegreenError(
        f"{color} of {service} is not declared stable: {group} is being removed{since} "
        f"({remark.reason.rstrip('.')}).{hook} Deploy its image again "
        "instead. To return to it anyway, set bluegreen_override to {reason: why, allow: [leaving]}.",
        leaving=remark.as_data(),
        **facts,
    )
