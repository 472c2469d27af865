# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Freezes a service, and lifts the freeze."""

from __future__ import annotations

from typing import Any

from ..._args.service.freeze import FreezeOptions
from ..._aws.traffic import elbv2
from ..._core.base.tags import FROZEN, FROZEN_BY, FROZEN_UNTIL
from ..._core.service.freeze import find_freeze, parse_freeze
from ..._core.service.stable import arns_of, check_owners
from ..._core.traffic.pairs import read_pairs
from ..base.run import Run
from ..traffic.named_groups import find_pairs

KEYS = (FROZEN, FROZEN_BY, FROZEN_UNTIL)


def freeze(options: FreezeOptions, run: Run) -> dict[str, Any]:
    """The work of module freeze."""
    named, wanted = read_pairs(options.target_groups), _wanted(options, run)
    target_groups = find_pairs(run, named)
    client = run.client("elbv2")
    tags = elbv2.describe_tags(client, arns_of(target_groups))
    check_owners(options.service, target_groups, tags)

    before = {arn: {key: its[key] for key in KEYS if key in its} for arn, its in tags.items()}
    lacking = [arn for arn, its in before.items() if not wanted.items() <= its.items()]
    odd = sorted({key for its in before.values() for key in its if key not in wanted})
    # First an end that does not hold any more: without it, what was frozen stays frozen at every moment.
    if odd and not run.check_mode:
        elbv2.remove_tags(client, list(before), odd)
    if lacking and not run.check_mode:
        elbv2.add_tags(client, lacking, wanted)
    now, found = find_freeze([wanted]), find_freeze(before.values())
    return {
        "changed": bool(lacking or odd),
        "frozen": now.as_data() if now else None,
        "diff": {
            "before": {"frozen": found.as_data() if found else None},
            "after": {"frozen": now.as_data() if now else None},
        },
    }


def _wanted(options: FreezeOptions, run: Run) -> dict[str, str]:
    """The tags; none when there is to be no freeze."""
    if options.state == "absent":
        return {}
    now = run.now.replace(microsecond=0)
    return parse_freeze(options.reason, options.by, options.until, now).tags()
