# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declares a color stable, and retains the other environment until a deadline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.base.arns import is_arn
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import LEAVING, REJECTED, RELEASE, RETAIN_UNTIL, STABLE, tags_of
from ..._core.group.guards import lacking_guards
from ..._core.group.marks import HOOK, Marks, Remark
from ..._core.service.environments import TargetGroups, arns_of
from ..._core.service.override import Override
from ..._core.service.settlement import Settlement, check_run, lacking_claim, refuse_leaving
from ..._core.traffic.pairs import COLORS, Color, other, read_pairs
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..base.wait import poll
from ..traffic.named_groups import find_pairs

BACK_OUT_SECONDS = 12.0  # a removal sees it within seven while targets drain, and then takes a few to back out

Named = Mapping[Color, str]
Tags = Mapping[str, Mapping[str, str]]
Group = Mapping[str, Any]


def settle(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The work of module settle."""
    stable: Color = options["stable"]
    groups: Named = {color: options["groups"][color] for color in COLORS if options["groups"].get(color)}
    if stable not in groups:
        raise BluegreenError(f"{stable} cannot be declared stable: groups names no Auto Scaling group for it.")
    target_groups = find_pairs(run, read_pairs(options["target_groups"]))

    tags, found = _read(run, target_groups, groups)
    group_tags = {name: tags_of(group) for name, group in found.items()}
    check_run(groups[stable], group_tags[groups[stable]], options["run"])
    labels = {groups[stable]: options["release"]} if options["release"] else {}
    before = _settlement(options["service"], tags, group_tags, target_groups, groups, labels)
    before = replace(before, rejected=REJECTED in group_tags[groups[stable]])
    if before.stable != stable and other(stable) in groups:
        before = replace(before, guards=lacking_guards(found[groups[stable]], found[groups[other(stable)]]))
    after = before.settled(stable, _deadline(run, options["retain_seconds"]) if other(stable) in groups else None)
    override = Override.parse(options["override"])
    remark = before.leaving.get(groups[stable]) if before.stable != stable else None
    if remark and remark.reason.startswith(HOOK) and not override.allows("leaving"):
        refuse_leaving(options["service"], stable, groups[stable], remark)
    if after != before and not run.check_mode:
        declare = partial(_declare, run, options["service"], arns_of(target_groups), groups[stable], override)
        _write(run, groups, before, after, declare)
    return {
        "changed": after != before,
        **after.as_data(),
        "diff": {
            "before": {**before.as_data(), "unclaimed": dict(before.unclaimed)},
            "after": {**after.as_data(), "unclaimed": dict(after.unclaimed), **before.guards},
        },
    }


def _deadline(run: Run, seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(int(run.clock.now()), UTC) + timedelta(seconds=seconds)


def _read(run: Run, target_groups: TargetGroups, groups: Named) -> tuple[Tags, Mapping[str, Group]]:
    """The tags of the target groups by ARN, and the groups by name."""
    tags, found = together(
        partial(elbv2.describe_tags, run.client("elbv2"), arns_of(target_groups)),
        partial(autoscaling.describe_groups, run.client("autoscaling"), names=list(groups.values())),
    )
    by_name = {group["AutoScalingGroupName"]: group for group in found}
    for name in groups.values():
        if name not in by_name:
            raise BluegreenError(f"There is no Auto Scaling group {name}.")
    return tags, by_name


def _settlement(
    service: str, tags: Tags, group_tags: Tags, target_groups: TargetGroups, groups: Named, labels: Mapping[str, str]
) -> Settlement:
    """``labels`` are the releases that groups are to be tagged with, by the group's name."""
    owned = [(color, arn, tags[arn]) for color, its in target_groups.items() for arn in its]
    owned += [(color, name, group_tags[name]) for color, name in groups.items()]
    claims = {resource: lacking_claim(service, color, resource, its) for color, resource, its in owned}
    for name, label in labels.items():
        claims[name] |= {RELEASE: label} if group_tags[name].get(RELEASE) != label else {}
    declared = {tags[arn].get(STABLE) for arn in arns_of(target_groups)}
    deadlines = {color: group_tags[groups[color]].get(RETAIN_UNTIL) if color in groups else None for color in COLORS}
    return Settlement(
        stable=(declared.pop() or "") if len(declared) == 1 else "",
        retain_until={color: datetime.fromisoformat(at) if at else None for color, at in deadlines.items()},
        unclaimed={resource: lacking for resource, lacking in claims.items() if lacking},
        leaving={name: remark for name, its in group_tags.items() if (remark := Marks.read(its).leaving)},
    )


def _write(
    run: Run, groups: Named, before: Settlement, after: Settlement, declare: Callable[[Color, Color], None]
) -> None:
    """In an order that outlives a kill between any two writes.

    What is the service's is claimed before anything is declared about it, and the new group is guarded as the old one
    is. The old group is retained before it stops
    being stable, and the new one stops being retained only when it is stable: at no moment does the environment that
    has the traffic look like something to be removed.
    """
    stable, old = after.stable, other(after.stable)
    client = run.client("autoscaling")
    for resource, tags in before.unclaimed.items():
        _claim(run, resource, tags)
    if before.guards:
        when_free(run, partial(autoscaling.update_group, client, groups[stable], before.guards))
    deadline, tagged = after.retain_until[old], before.retain_until[old]
    retained = bool(deadline and deadline != tagged)
    if deadline and retained:
        autoscaling.tag_group(client, groups[old], {RETAIN_UNTIL: deadline.isoformat()})
    elif tagged and not deadline:
        autoscaling.untag_group(client, groups[old], [RETAIN_UNTIL])
    if before.stable != stable:
        try:
            declare(before.stable, stable)
        except BluegreenError:
            if retained:  # it stays stable
                autoscaling.untag_group(client, groups[old], [RETAIN_UNTIL])
            raise
    outdated = [*([RETAIN_UNTIL] if before.retain_until[stable] else []), *([REJECTED] if before.rejected else [])]
    if outdated:
        autoscaling.untag_group(client, groups[stable], outdated)


def _declare(
    run: Run, service: str, target_groups: Sequence[str], group: str, override: Override, before: Color, stable: Color
) -> None:
    """First declare, then look whether somebody is removing it: a removal announces itself before it looks what is
    stable, so that one of the two sees the other. It backs out within seconds, unless it has died or runs a hook."""
    client = run.client("elbv2")
    elbv2.add_tags(client, target_groups, {STABLE: stable})
    doing = f"waiting until the removal of {group} stops, as it does when it finds the group in use"
    seen = poll(run, doing, partial(_read_leaving, run, group), lambda found: not found, BACK_OUT_SECONDS)
    if seen is None:
        return
    if override.allows("leaving"):
        autoscaling.untag_group(run.client("autoscaling"), group, [LEAVING])
        return
    if before:
        elbv2.add_tags(client, target_groups, {STABLE: before})
    else:
        elbv2.remove_tags(client, target_groups, [STABLE])
    refuse_leaving(service, stable, group, seen)


def _read_leaving(run: Run, group: str) -> Remark | None:
    found = autoscaling.describe_groups(run.client("autoscaling"), names=[group])
    if not found or "Status" in found[0]:  # only a group that is being deleted has one
        return Remark("it is being deleted")
    return Marks.read(tags_of(found[0])).leaving


def _claim(run: Run, resource: str, tags: Mapping[str, str]) -> None:
    if is_arn(resource):
        elbv2.add_tags(run.client("elbv2"), [resource], tags)
    else:
        autoscaling.tag_group(run.client("autoscaling"), resource, tags)
