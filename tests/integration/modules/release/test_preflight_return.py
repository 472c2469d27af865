# SPDX-License-Identifier: GPL-3.0-or-later
"""Where AWS is to return the traffic by itself: what it needs for that is looked for before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.policies import document
from tests.integration.returning import GROUP, make_group, make_role

from ..conftest import Made, Plan
from ..demo import Demo


@pytest.fixture
def definition(demo: Demo, scene: Scene) -> dict[str, Any]:
    """Of a service that is live in blue."""
    demo.live()
    return {**demo.definition, "image_id": scene.image(release="2")}


def test_a_group_and_a_role_that_trusts_the_scheduler_are_enough(
    plan: Plan, lab: LabProcess, definition: dict[str, Any], made: Made
) -> None:
    make_group(lab)
    made()
    result = plan(**definition, return_role=make_role(lab))
    assert (result["findings"], result["unchecked"], made("write")) == ([], [], [])


def test_all_that_it_lacks_is_told_at_once(plan: Plan, lab: LabProcess, definition: dict[str, Any]) -> None:
    scheduler = lab.client("scheduler")
    make_group(lab)
    scheduler.delete_schedule_group(Name=GROUP)
    trust = document("return-role-trust")
    trust["Statement"][0]["Principal"]["Service"] = "lambda.amazonaws.com"
    result = plan(**definition, return_role=make_role(lab, "distrustful", trust))
    no_group, distrust = result["findings"]
    assert f"aws scheduler create-schedule-group --name {GROUP}" in no_group
    assert "role/distrustful does not allow scheduler.amazonaws.com to assume it" in distrust
    make_group(lab)
    (nobody,) = plan(**definition, return_role="arn:aws:iam::123456789012:role/nobody")["findings"]
    assert "there is no role arn:aws:iam::123456789012:role/nobody" in nobody


def test_what_may_not_be_read_is_told_and_prevents_nothing(
    plan: Plan, lab: LabProcess, definition: dict[str, Any]
) -> None:
    make_group(lab)
    for operation in ("GetRole", "GetScheduleGroup", "SimulatePrincipalPolicy"):
        lab.fault(operation=operation, error="AccessDenied", status=403)
    result = plan(**definition, return_role="arn:aws:iam::123456789012:role/nobody")
    assert result["findings"] == []
    assert len(result["unchecked"]) == 3


def test_the_session_of_a_role_may_read_what_is_checked(
    plan: Plan, lab: LabProcess, definition: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the identity of AWX, and of most CI."""
    make_group(lab)
    role = lab.role("release", document("deploy"), document("with-return"))
    keys = lab.client("sts").assume_role(RoleArn=role, RoleSessionName="job")["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])
    result = plan(**definition, return_role=make_role(lab))
    assert (result["findings"], result["unchecked"]) == ([], [])


def test_without_it_nothing_is_asked(plan: Plan, definition: dict[str, Any], made: Made) -> None:
    made()
    plan(**definition)
    assert not {"GetScheduleGroup", "GetRole", "GetCallerIdentity"} & set(made())


@pytest.mark.parametrize(("may", "findings"), [("bluegreen-return", 0), ("another", 1)])
def test_who_may_not_pass_the_role_is_told_so(
    plan: Plan, lab: LabProcess, definition: dict[str, Any], monkeypatch: pytest.MonkeyPatch, may: str, findings: int
) -> None:
    make_group(lab)
    policy = document("with-return")
    policy["Statement"][-1]["Resource"] = f"arn:aws:iam::*:role/{may}"
    for name, value in lab.user(f"releaser-{may}", document("deploy"), policy).items():
        monkeypatch.setenv(name, value)
    result = plan(**definition, return_role=make_role(lab))
    assert len(result["findings"]) == findings
    assert all(f"user/releaser-{may} may not pass" in each for each in result["findings"])
