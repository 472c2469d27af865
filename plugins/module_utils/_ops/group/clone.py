# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the candidate's Auto Scaling group from the live one, or keeps the one that is there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from ..._args.base.options import given
from ..._args.group.clone import CloneOptions
from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import COPYING
from ..._core.group.clone import Group, WantedClone, came_of
from ..._core.group.clone_parts import FollowUp, check_follow_up
from ..._core.group.clone_plan import Building, Keeping, decide
from ..._core.group.in_use import Surroundings
from ..._core.group.removal import Announcement, Removal
from ..._core.launch.templates import check_unchanged, encoded
from ..base.lost_answers import unless_done
from ..base.retry_in_use import when_free
from ..base.run import Run
from ..base.wait import poll
from ..launch.templates import make_launch
from .clone_facts import read_facts
from .parts import put_parts
from .removal import announce, remove

READ_BACK_SECONDS = 10.0


def autoscaling_clone(options: CloneOptions, run: Run) -> dict[str, Any]:
    """The work of module autoscaling_clone."""
    if options.state == "present":
        return clone(_wanted(options), run)
    around = Surroundings(options.target_groups or (), options.routes, options.test_route, options.retain_until)
    announcement = Announcement(given(options.name), options.service, options.reason, around, options.force)
    if options.state == "leaving":
        return announce(announcement, run)
    removal = Removal(
        **vars(announcement),
        wait=options.wait,
        wait_timeout=options.wait_timeout,
        drain_timeout=options.drain_timeout or 0,
        spread_seconds=options.spread_seconds,
        keep_versions=options.keep_versions,
    )
    return remove(removal, run)


def _wanted(options: CloneOptions) -> WantedClone:
    if options.headroom_percent < 0:
        raise BluegreenError(f"headroom_percent is {options.headroom_percent}; it can't be below 0.")
    user_data = encoded(options.user_data)
    if options.user_data_sha256 is not None:
        check_unchanged(user_data, options.user_data_sha256)
    return WantedClone(
        service=options.service,
        color=given(options.color),
        source=given(options.source),
        image_id=given(options.image_id),
        target_groups=given(options.target_groups),
        name=options.name or None,
        release=options.release or "",
        run=options.run,
        headroom_percent=options.headroom_percent,
        user_data=user_data,
        twins=options.twins,
    )


def clone(wanted: WantedClone, run: Run) -> dict[str, Any]:
    facts = read_facts(run, wanted)
    plan = decide(facts, wanted)
    done = plan if run.check_mode else apply(run, plan)
    return done.as_data()


def apply(run: Run, plan: Building | Keeping) -> Building | Keeping:
    return _build(run, plan) if isinstance(plan, Building) else _keep(run, plan)


def _build(run: Run, plan: Building) -> Building:
    wanted = plan.wanted
    run.progress(f"building {plan.name} from {wanted.source}")
    check_follow_up(plan.rest)
    launch, remarks = make_launch(run, plan.launch, wanted.service, wanted.label)
    plan = replace(plan, launch=launch, remarks=[*plan.remarks, *remarks])
    return replace(plan, made=_create(run, plan.request(), plan.rest))


def _create(run: Run, asked: Group, rest: FollowUp) -> Group:
    """The tag that says that the clone is not complete goes last: a run that dies before is resumed by the next."""
    client, name = run.client("autoscaling"), asked["AutoScalingGroupName"]
    read = partial(autoscaling.describe_groups, client, names=[name])

    def create() -> Group:
        when_free(run, partial(autoscaling.create_group, client, asked))
        return asked

    unless_done(create, "AlreadyExists", lambda: next((each for each in read() if came_of(each, asked)), None))
    if rest:
        put_parts(run, name, rest)
        when_free(run, partial(autoscaling.untag_group, client, name, [COPYING]))
    return next(iter(poll(run, f"waiting until AWS shows {name}", read, bool, READ_BACK_SECONDS)), asked)


def _keep(run: Run, plan: Keeping) -> Keeping:
    client, name = run.client("autoscaling"), plan.name
    if plan.rest:
        run.progress(f"completing {name}")
        check_follow_up(plan.rest)
        put_parts(run, name, plan.rest)
    if plan.outdated:
        when_free(run, partial(autoscaling.untag_group, client, name, list(plan.outdated)))
    if tags := {**plan.label, **plan.owner}:
        when_free(run, partial(autoscaling.tag_group, client, name, tags))
    return plan
