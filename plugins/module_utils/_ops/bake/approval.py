# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for an approval, gives it, and takes the question back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ..._args.bake.approval import ApprovalOptions
from ..._args.base.options import given
from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.bake.approval import Approval
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import APPROVAL, RELEASE, SERVICE, tags_of
from ..._core.base.timestamps import utc
from ..._core.lease.contest import Holder
from ..._core.targets.members import target_groups_of
from ..base.run import Run
from ..lease.holder import holder_of, stored_holder
from ..targets.members import require_group


def approval(options: ApprovalOptions, run: Run) -> dict[str, Any]:
    """The work of module approval."""
    group = require_group(run, options.group)
    tags = tags_of(group)
    before = Approval.read(tags)
    after = _wanted(options, before, utc(int(run.clock.now())))
    warnings = []
    if options.state == "given" and before and after != before:
        warnings = _require_asker(options, run, group, before)
    if after != before and not run.check_mode:
        client = run.client("autoscaling")
        if after:
            autoscaling.tag_group(client, options.group, after.tag())
        else:
            autoscaling.untag_group(client, options.group, [APPROVAL])
    shown = after.as_data() if after else None
    return {
        "changed": after != before,
        "approval": shown,
        "service": tags.get(SERVICE),
        "release": tags.get(RELEASE),
        "warnings": warnings,
        "diff": {"before": {"approval": before.as_data() if before else None}, "after": {"approval": shown}},
    }


def read_approval(run: Run, group: str) -> Approval | None:
    return Approval.read(tags_of(require_group(run, group)))


def _wanted(options: ApprovalOptions, before: Approval | None, now: datetime) -> Approval | None:
    if options.state == "absent":
        return None
    if options.state == "asked":
        asks = options.lease.claim["run"] if options.lease else None
        return Approval(given(options.weight), now + timedelta(seconds=given(options.seconds)), run=asks)
    if before is None:
        raise BluegreenError(f"{options.group} asks for no approval: there is nothing to approve.")
    if options.weight not in (None, before.weight):
        raise BluegreenError(
            f"{options.group} waits for approval at {before.weight} %, not at {options.weight} %: what was to be "
            "approved is over, or has not begun. Check it with status.yml, and approve what waits now."
        )
    return before.given(options.group, options.by, now)


def _require_asker(options: ApprovalOptions, run: Run, group: Mapping[str, Any], asked: Approval) -> list[str]:
    """The run that asked has to have the lease still, which it renews while it waits. Where the lease cannot be read,
    nobody is kept from an approval; a warning says so."""
    if asked.run is None:
        return []
    service, holders = tags_of(group).get(SERVICE, ""), []
    try:
        for read in _places(options, run, group, service):
            holders.append(holder := read())
            if asked.waits(holder):
                return []
    except BluegreenError as error:
        return [f"It is not known whether run {asked.run}, which asked for the approval, still waits. {error}"]
    raise asked.gone(options.group, service, holders, run.now)


def _places(
    options: ApprovalOptions, run: Run, group: Mapping[str, Any], service: str
) -> Iterator[Callable[[], Holder | None]]:
    """How to read the lease in each place where it may be: a run that may continue without its store keeps it in
    tags."""
    if options.store:
        yield partial(stored_holder, run, options.store, service)
    yield lambda: holder_of(run, elbv2.describe_tags(run.client("elbv2"), target_groups_of(group)).values())
