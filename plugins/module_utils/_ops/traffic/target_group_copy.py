# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the copy of a target group, and keeps it one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._args.traffic.target_group_copy import TargetGroupCloneOptions
from ..._aws.traffic import elbv2, target_groups
from ..._core.base.errors import BluegreenError
from ..._core.traffic.target_group_copy import Traits, check_alike, check_target_group_name
from ..base.run import Run, together

Described = Mapping[str, Any]


def target_group_clone(options: TargetGroupCloneOptions, run: Run) -> dict[str, Any]:
    """The work of module target_group_clone."""
    name = options.name
    check_target_group_name(name)
    original, existing = find_target_groups(run, options.source, name)
    if original is None:
        raise BluegreenError(f"There is no target group {options.source} to copy.")
    if name == original["TargetGroupName"]:
        raise BluegreenError(f"{name} cannot be its own copy; give another name.")
    source = read_traits(run, original)
    copy = read_traits(run, existing) if existing else Traits({}, {}, {})
    lacking = require_alike(run, original, source, existing, copy)
    arn = existing["TargetGroupArn"] if existing else None
    if lacking and not run.check_mode:
        arn = _complete(run, existing, lacking) if existing else _make(run, name, source)
    return {
        "changed": bool(lacking),
        "target_group": {"arn": arn, "name": name},
        "diff": {"before": copy.as_data() if existing else {}, "after": copy.given(lacking).as_data()},
    }


def find_target_groups(run: Run, *named: str) -> list[Described | None]:
    client = run.client("elbv2")
    return together(*[partial(target_groups.describe_target_group_if_any, client, name) for name in named])


def read_traits(run: Run, group: Described) -> Traits:
    client, arn = run.client("elbv2"), group["TargetGroupArn"]
    attributes, tags = together(
        partial(target_groups.describe_attributes, client, arn), partial(elbv2.describe_tags, client, [arn])
    )
    accepted, _modifiable = target_groups.accepted_fields(client)
    return Traits.read(group, attributes, tags[arn], accepted)


def require_alike(run: Run, original: Described, source: Traits, existing: Described | None, copy: Traits) -> Traits:
    """What the copy lacks; an error when it cannot be given it."""
    lacking = source.lacking_in(copy)
    if existing:
        _accepted, modifiable = target_groups.accepted_fields(run.client("elbv2"))
        check_alike(original["TargetGroupName"], existing["TargetGroupName"], copy, lacking, modifiable)
    return lacking


def _make(run: Run, name: str, source: Traits) -> str:
    """Most attributes have their defaults in the new one: only the others are sent."""
    created = target_groups.create_target_group(run.client("elbv2"), name, source.settings, source.tags)
    return _complete(run, created, source.lacking_in(read_traits(run, created)))


def _complete(run: Run, copy: Described, lacking: Traits) -> str:
    client, arn = run.client("elbv2"), str(copy["TargetGroupArn"])
    if lacking.settings:
        target_groups.modify_target_group(client, arn, lacking.settings)
    if lacking.attributes:
        target_groups.modify_attributes(client, arn, lacking.attributes)
    if lacking.tags:
        elbv2.add_tags(client, [arn], lacking.tags)
    return arn
