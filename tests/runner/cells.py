# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks, and how a job of each is to end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# What a release that does not pass its checks is asked for.
BAD_CHECKS = {"bluegreen_checks": "[{path: /nowhere, status: 418}]"}
SHIFT = -1
TYPO = {"bluegreen_target_groups": "typo"}


@dataclass(frozen=True)
class Row:
    """``good``, ``failed``, ``again``: the end states of a job that goes well, of one that fails, and of one that goes
    well after one that was canceled, where that has left less to do. ``fault``: the API operation that AWS denies to
    the one that fails, or the answers with which it does. ``position``: where the traffic stands when it begins, in
    percents of the candidate. ``writes``: after how many of them it is canceled midway; SHIFT: while the traffic is
    split; none: while it reads. ``wrong``: what a job that is refused is given."""

    playbook: str
    good: str
    failed: str
    fault: str | Mapping[str, Any]
    writes: int = 0
    position: int = 0
    candidate: bool = False
    again: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Any] = field(default_factory=lambda: TYPO)


ROWS = (
    Row("plan", "checked", "refused", "DescribeTargetHealth"),
    Row("deploy", "succeeded", "rolled_back", BAD_CHECKS, SHIFT),
    Row("provision", "provisioned", "rolled_back", "CreateAutoScalingGroup", 3),
    Row("verify", "verified", "rolled_back", BAD_CHECKS, 2, candidate=True),
    Row("swap", "succeeded", "rolled_back", "ModifyListener", SHIFT, candidate=True),
    Row("teardown", "succeeded", "halted", "DeleteAutoScalingGroup", 2, 100),
    Row("rollback", "rolled_back", "halted", "ModifyListener", 1, 10, again="unchanged"),
    Row("roll", "succeeded", "halted", "StartInstanceRefresh", 3),
    Row("approve", "succeeded", "halted", "CreateOrUpdateTags", 1, 10, again="unchanged"),
    Row("freeze", "succeeded", "halted", "AddTags", 1, again="unchanged", answers={"bluegreen_freeze_reason": "Audit"}),
    Row("unfreeze", "succeeded", "halted", "RemoveTags", 1, again="unchanged"),
    Row("watch", "rolled_back", "halted", "ModifyListener", 1, again="unchanged"),
    Row("adopt", "succeeded", "halted", "CreateTargetGroup", 2, answers={"bluegreen_adopt_test_route": "{port: 8001}"}),
    Row(
        "store",
        "succeeded",
        "halted",
        "CreateBucket",
        1,
        wrong={"bluegreen_store": "ftp://releases"},
        again="unchanged",
    ),
    Row("status", "unchanged", "refused", "DescribeTags"),
    Row("history", "unchanged", "refused", "DescribeTags"),
)
