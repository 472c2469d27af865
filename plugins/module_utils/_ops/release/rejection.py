# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rejects a candidate, and leaves the groups that a release has prepared to themselves again."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..._args.group.capacity import CapacityOptions
from ..._args.group.marks import MarkOptions
from ..._args.release.rejection import RejectOptions
from ..._aws.group import autoscaling
from ..._core.base.tags import APPROVAL
from ..._core.release.rejection import FailedCandidate, Rejection, reject
from ..._core.service.environments import Service
from ..._core.service.place import Place
from ..base.retry_in_use import when_free
from ..base.run import Run
from ..group.capacity import autoscaling_capacity
from ..group.marks import environment_mark
from ..service.found import find_service


def candidate_reject(options: RejectOptions, run: Run) -> dict[str, Any]:
    """The work of module candidate_reject."""
    place = Place.parse(options.service, options.routes, options.target_groups)
    found = find_service(run, place, options.stable, groups=True)
    failed = FailedCandidate(options.reason or "", options.run, options.stage, options.failed_candidate)
    plan = reject(found.service, failed)
    if not run.check_mode:
        _apply(run, found.service, plan, failed.reason)
    return {
        "changed": bool(plan.asking or plan.pinned or plan.marked),
        "service": found.service.as_data(run.now),
        "rejected": plan.marked.name if plan.marked else None,
        "released": [each.group.name for each in plan.pinned if each.group],
        "removal": plan.removal.as_data() if plan.removal else None,
        "warnings": [*found.broken, *found.warnings],
    }


def _apply(run: Run, service: Service, plan: Rejection, reason: str) -> None:
    """The mark first: it takes no time, and keeps others from moving traffic to the candidate."""
    if plan.marked:
        environment_mark(MarkOptions(group=plan.marked.name, mark="rejected", value=reason), run)
    for name in plan.asking:
        when_free(run, partial(autoscaling.untag_group, run.client("autoscaling"), name, [APPROVAL]))
    for each in plan.pinned:
        if each.group:
            # Only stable has traffic that its scaling may not know of yet.
            seconds = CapacityOptions.wait_timeout if each.color == service.stable else 0
            autoscaling_capacity(CapacityOptions(group=each.group.name, state="released", wait_timeout=seconds), run)
