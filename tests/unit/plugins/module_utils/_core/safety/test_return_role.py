# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether AWS may use a role to return the traffic."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.safety.return_role import (
    check_role_arn,
    find_denial,
    find_distrust,
    role_name,
    session_role,
)

ARN = "arn:aws:iam::123456789012:role/team/return"
TRUST = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}


def role(*statements: Any, parsed: bool = True) -> dict[str, Any]:
    document = {"Statement": list(statements) if len(statements) != 1 else statements[0]}
    return {"AssumeRolePolicyDocument": document if parsed else json.dumps(document)}


@pytest.mark.parametrize(
    "trusting",
    [
        role(TRUST),
        role(TRUST, parsed=False),
        role({**TRUST, "Principal": {"AWS": "*"}}, TRUST),
        role({**TRUST, "Principal": {"Service": ["ec2.amazonaws.com", "scheduler.amazonaws.com"]}}),
        role({**TRUST, "Action": ["sts:TagSession", "sts:AssumeRole"]}),
        role({**TRUST, "Action": "sts:assumerole"}),
        role({**TRUST, "Action": "sts:Assume*"}),
    ],
)
def test_a_role_that_trusts_the_scheduler_is_fine(trusting: dict[str, Any]) -> None:
    assert find_distrust(ARN, trusting) == []


@pytest.mark.parametrize(
    "other",
    [
        role({**TRUST, "Principal": {"Service": "ec2.amazonaws.com"}}),
        role({**TRUST, "Effect": "Deny"}),
        role({**TRUST, "Action": "sts:TagSession"}),
        role({**TRUST, "Principal": "*"}),
        role(),
        {},
    ],
)
def test_a_role_that_does_not_is_a_finding(other: dict[str, Any]) -> None:
    (finding,) = find_distrust(ARN, other)
    assert f"{ARN} does not allow scheduler.amazonaws.com to assume it" in finding


def test_a_role_that_is_not_there_is_a_finding() -> None:
    assert "there is no role" in find_distrust(ARN, None)[0]


def test_a_role_is_given_by_its_arn_and_read_by_its_name() -> None:
    check_role_arn(ARN)
    assert role_name(ARN) == "return"
    for wrong in ("return", "arn:aws:iam::123456789012:user/return", "arn:aws:iam::1:role/return"):
        with pytest.raises(BluegreenError, match="is not the ARN of an IAM role"):
            check_role_arn(wrong)


def test_who_may_not_pass_the_role_is_a_finding_where_that_is_proven() -> None:
    denied = {"EvalDecision": "implicitDeny"}
    assert "user/ci may not pass" in find_denial(ARN, "arn:aws:iam::123456789012:user/ci", denied)[0]
    assert find_denial(ARN, "ci", denied | {"MissingContextValues": ["aws:RequestedRegion"]}) == []
    assert find_denial(ARN, "ci", {"EvalDecision": "allowed"}) == []


def test_a_session_is_that_of_its_role() -> None:
    assert session_role("arn:aws:sts::123456789012:assumed-role/ci/job-1") == "ci"
    assert session_role("arn:aws:iam::123456789012:user/team/ci") is None
    assert session_role("arn:aws:iam::123456789012:root") is None
