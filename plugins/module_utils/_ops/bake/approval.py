# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks for an approval, gives it, and takes the question back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..._args.bake.approval import ApprovalOptions
from ..._args.base.options import given
from ..._aws.group import autoscaling
from ..._core.bake.approval import Approval
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import APPROVAL, RELEASE, SERVICE, tags_of
from ..._core.base.timestamps import utc
from ..base.run import Run


def approval(options: ApprovalOptions, run: Run) -> dict[str, Any]:
    """The work of module approval."""
    group = options.group
    tags = _read_tags(run, group)
    before = Approval.read(tags)
    after = _wanted(options, before, utc(int(run.clock.now())))
    if after != before and not run.check_mode:
        client = run.client("autoscaling")
        if after:
            autoscaling.tag_group(client, group, after.tag())
        else:
            autoscaling.untag_group(client, group, [APPROVAL])
    shown = after.as_data() if after else None
    return {
        "changed": after != before,
        "approval": shown,
        "service": tags.get(SERVICE),
        "release": tags.get(RELEASE),
        "diff": {"before": {"approval": before.as_data() if before else None}, "after": {"approval": shown}},
    }


def read_approval(run: Run, group: str) -> Approval | None:
    return Approval.read(_read_tags(run, group))


def _read_tags(run: Run, group: str) -> dict[str, str]:
    found = autoscaling.describe_groups(run.client("autoscaling"), names=[group])
    if not found:
        raise BluegreenError(f"There is no Auto Scaling group {group}.")
    return tags_of(found[0])


def _wanted(options: ApprovalOptions, before: Approval | None, now: datetime) -> Approval | None:
    if options.state == "absent":
        return None
    if options.state == "asked":
        return Approval(given(options.weight), now + timedelta(seconds=given(options.seconds)))
    if before is None:
        raise BluegreenError(f"{options.group} asks for no approval: there is nothing to approve.")
    if options.weight not in (None, before.weight):
        raise BluegreenError(
            f"{options.group} waits for approval at {before.weight} %, not at {options.weight} %: what was to be "
            "approved is over, or has not begun. Check it with status.yml, and approve what waits now."
        )
    return before.given(options.group, options.by, now)
