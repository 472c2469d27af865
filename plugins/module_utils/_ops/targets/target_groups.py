# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads target groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from ..._aws.traffic import elbv2
from ..._core.base.arns import is_arn
from ..._core.targets.registration import TargetGroup
from ..base.run import Run, together


def describe_named(run: Run, named: Iterable[str]) -> list[Mapping[str, Any]]:
    """Target groups as DescribeTargetGroups returns them, each once, by names or ARNs. It takes one kind a call."""
    client, wanted = run.client("elbv2"), list(dict.fromkeys(named))
    arns, names = list(filter(is_arn, wanted)), [each for each in wanted if not is_arn(each)]
    reads = [partial(elbv2.describe_target_groups, client, names)] if names else []
    reads += [partial(elbv2.describe_target_groups_by_arn, client, arns)] if arns else []
    found = {each["TargetGroupArn"]: each for answer in together(*reads) for each in answer}
    return list(found.values())


def require_target_group(run: Run, name_or_arn: str) -> TargetGroup:
    """The target group; an error when there is none."""
    (group,) = describe_named(run, [name_or_arn])
    return TargetGroup.read(group)
