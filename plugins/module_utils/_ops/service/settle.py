# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declares a color stable, and retains the other environment until a deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ..._args.service.settle import SettleOptions
from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.base.arns import is_arn
from ..._core.base.errors import BluegreenError
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import LEAVING, REJECTED, RETAIN_UNTIL, STABLE, tags_of
from ..._core.group.marks import Marks, Remark
from ..._core.service.override import Override
from ..._core.service.settlement import Facts, Plan, WantedSettlement, decide, refuse_leaving
from ..._core.service.stable import arns_of
from ..._core.traffic.kinds import parse_routes
from ..._core.traffic.pairs import COLORS, Named, other, read_pairs
from ..._core.traffic.route import RouteDefinition
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..base.wait import poll
from ..group.capacity import CapacityChange, let_go, released
from ..safety.schedules import disarm, net_of
from ..targets.members import find_group
from ..traffic.kinds import read_routes
from ..traffic.named_groups import find_pairs

BACK_OUT_SECONDS = 12.0  # a removal sees it within seven while it drains or waits, and then takes a few to back out


def settle(options: SettleOptions, run: Run) -> dict[str, Any]:
    """The work of module settle."""
    wanted = _wanted(options, run.now.replace(microsecond=0))
    facts = _read(run, read_pairs(options.target_groups), parse_routes(options.routes), wanted)
    plan = decide(facts, wanted)
    pin = released(facts.groups[wanted.group]) if options.release_pin else None
    if not run.check_mode:
        if net_of(options.lease):  # else AWS would return the traffic from what is stable
            disarm(run, options.service)
        if plan.after != plan.before:
            _apply(run, plan)
        if pin:
            pin = let_go(run, pin)
    return _result(plan, pin)


def _result(plan: Plan, pin: CapacityChange | None) -> dict[str, Any]:
    result = plan.as_data()
    if pin is None:
        return result
    diff = {side: {**its, "capacity": getattr(pin, side).as_data()} for side, its in result["diff"].items()}
    return {**result, "changed": result["changed"] or pin.needed, "capacity": pin.after.as_data(), "diff": diff}


def _wanted(options: SettleOptions, now: datetime) -> WantedSettlement:
    seconds = options.retain_seconds
    return WantedSettlement(
        service=options.service,
        stable=options.stable,
        groups={color: options.groups[color] for color in COLORS if options.groups.get(color)},
        deadline=None if seconds is None else now + timedelta(seconds=seconds),
        run=options.run,
        release=options.release or "",
        override=Override.parse(options.override),
    )


def _read(run: Run, named: Named, routes: Sequence[RouteDefinition], wanted: WantedSettlement) -> Facts:
    target_groups = find_pairs(run, named)
    tags, found, standing = together(
        partial(elbv2.describe_tags, run.client("elbv2"), arns_of(target_groups)),
        partial(autoscaling.describe_groups, run.client("autoscaling"), names=list(wanted.groups.values())),
        partial(read_routes, run, routes),
    )
    groups = {group["AutoScalingGroupName"]: group for group in found}
    return Facts(target_groups, tags, groups, [route.leading(target_groups) for route in standing])


def _apply(run: Run, plan: Plan) -> None:
    """In an order that outlives a kill between any two writes.

    What is the service's is claimed before anything is declared about it, and the new group is guarded as the old one
    is. The old group is retained before it stops being stable, and the new one stops being retained only when it is
    stable: at no moment does the environment that has the traffic look like something to be removed.
    """
    wanted, before = plan.wanted, plan.before
    client = run.client("autoscaling")
    for resource, tags in before.unclaimed.items():
        _claim(run, resource, tags)
    if before.guards:
        when_free(run, partial(autoscaling.update_group, client, wanted.group, before.guards))
    retained = _retain(run, plan)
    if before.stable != wanted.stable:
        try:
            _declare(run, plan)
        except BluegreenError:
            if wanted.old and retained:  # it stays stable
                autoscaling.untag_group(client, wanted.old, [RETAIN_UNTIL])
            raise
    retained_new = [RETAIN_UNTIL] if before.retain_until[wanted.stable] else []
    outdated = [*retained_new, *([REJECTED] if before.rejected else [])]
    if outdated:
        autoscaling.untag_group(client, wanted.group, outdated)


def _retain(run: Run, plan: Plan) -> bool:
    """The old group until its deadline. Whether that was written."""
    name, color, client = plan.wanted.old, other(plan.wanted.stable), run.client("autoscaling")
    deadline, tagged = plan.after.retain_until[color], plan.before.retain_until[color]
    if name is None or deadline == tagged:
        return False
    if deadline is None:
        autoscaling.untag_group(client, name, [RETAIN_UNTIL])
        return False
    autoscaling.tag_group(client, name, {RETAIN_UNTIL: deadline.isoformat()})
    return True


def _declare(run: Run, plan: Plan) -> None:
    """First declare, then look whether somebody is removing it: a removal announces itself before it looks what is
    stable, so that one of the two sees the other. It backs out within seconds, unless it has died or runs a hook."""
    wanted, client = plan.wanted, run.client("elbv2")
    elbv2.add_tags(client, plan.target_groups, {STABLE: wanted.stable})
    doing = f"waiting until the removal of {wanted.group} stops, as it does when it finds the group in use"
    look = partial(_read_leaving, run, wanted.group)
    seen = poll(run, doing, look, lambda found: not found, BACK_OUT_SECONDS)
    if seen is None:
        return
    if wanted.override.allows("leaving"):
        autoscaling.untag_group(run.client("autoscaling"), wanted.group, [LEAVING])
        return
    if plan.before.stable:
        elbv2.add_tags(client, plan.target_groups, {STABLE: plan.before.stable})
    else:
        elbv2.remove_tags(client, plan.target_groups, [STABLE])
    refuse_leaving(wanted.service, wanted.stable, wanted.group, seen)


def _read_leaving(run: Run, group: str) -> Remark | None:
    found = find_group(run, group)
    if found is None or is_being_deleted(found):
        return Remark("it is being deleted")
    return Marks.read(tags_of(found)).leaving


def _claim(run: Run, resource: str, tags: Mapping[str, str]) -> None:
    if is_arn(resource):
        elbv2.add_tags(run.client("elbv2"), [resource], tags)
    else:
        autoscaling.tag_group(run.client("autoscaling"), resource, tags)
