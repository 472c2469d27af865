# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts back the warm pool of a group that is not removed after all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.group import parts as group_parts
from ..._core.base.fields import carried
from ..._core.group.clone_parts import warm_pool_of
from ..base.retry_in_use import when_free
from ..base.run import Run
from ..base.wait import poll
from ..targets.members import find_group

Group = Mapping[str, Any]

GONE_SECONDS = 60.0  # for the instances of the former pool to end; AWS names no figure


def put_pool_back(run: Run, group: Group) -> str:
    """``group`` is as it was before. Until the former pool is gone, a group takes no other. A sentence, if any."""
    if not warm_pool_of(group):
        return ""
    client, name = run.client("autoscaling"), str(group["AutoScalingGroupName"])
    doing = f"waiting until the former warm pool of {name} is gone"
    present = poll(run, doing, partial(find_group, run, name), lambda seen: not _deletes_pool(seen), GONE_SECONDS)
    if present is None or warm_pool_of(present):
        return ""
    request = carried(warm_pool_of(group), autoscaling.accepted_fields(client)["warm_pool"])
    if _deletes_pool(present):
        said = ", ".join(f"{field} {value}" for field, value in sorted(request.items()))
        return f"AWS is still deleting its warm pool. Once that is gone, create it again with {said}."
    when_free(run, partial(group_parts.put_warm_pool, client, name, request))
    return "It has its warm pool again."


def _deletes_pool(group: Group | None) -> bool:
    pool = (group or {}).get("WarmPoolConfiguration") or {}
    return bool(pool) and not warm_pool_of(group or {})
