# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what the metrics of a clone's scaling policies are to be bound to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._aws.traffic import elbv2
from ..._core.base.arns import arn_resource
from ..._core.group.clone_checks import check_target_groups
from ..._core.group.clone_parts import Parts
from ..._core.group.repointing import TargetGroup, find_twin, mentions
from ..._core.targets.members import target_groups_of
from ..base.run import Run
from ..targets.target_groups import describe_named


def read_target_groups(run: Run, named: Sequence[str]) -> list[TargetGroup]:
    found = describe_named(run, named)
    check_target_groups(found)
    return found


def read_twins(
    run: Run,
    source: Mapping[str, Any],
    parts: Parts,
    target_groups: Sequence[TargetGroup],
    named: Mapping[str, str],
) -> dict[str, TargetGroup]:
    """The clone's target groups by the ARNs of the source's whose place they take, as far as metrics mention these.

    ``named``: the definition of it, by ARN. Protocol and port decide for the rest.
    """
    bound = [*parts.policies, *parts.alarms]
    arns = [arn for arn in target_groups_of(source) if mentions(bound, arn_resource(arn))]
    if len(target_groups) == 1:
        return dict.fromkeys(arns, target_groups[0])
    own = {each["TargetGroupArn"]: each for each in target_groups}
    twins = {arn: own[named[arn]] for arn in arns if named.get(arn) in own}
    unnamed = [arn for arn in arns if arn not in twins]
    described = elbv2.describe_target_groups_by_arn(run.client("elbv2"), unnamed) if unnamed else []
    return twins | {each["TargetGroupArn"]: find_twin(each, target_groups) for each in described}
