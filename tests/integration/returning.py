# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person makes once for AWS to return the traffic: the group of the schedules and the role, as docs/ shows."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from switchyard_lab.client import LabProcess
from tests.integration.policies import document

GROUP, ROLE = "switchyard-bluegreen", "bluegreen-return"


def make_group(lab: LabProcess) -> None:
    scheduler = lab.client("scheduler")
    with suppress(scheduler.exceptions.ConflictException):
        scheduler.create_schedule_group(Name=GROUP)


def make_role(lab: LabProcess, name: str = ROLE, trust: dict[str, Any] | None = None) -> str:
    """Its ARN."""
    iam = lab.client("iam")
    trusting = document("return-role-trust") if trust is None else trust
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusting))
        policy = json.dumps(document("return-role"))
        iam.put_role_policy(RoleName=name, PolicyName="return", PolicyDocument=policy)
    return str(iam.get_role(RoleName=name)["Role"]["Arn"])


def schedules(lab: LabProcess) -> list[dict[str, Any]]:
    """Those of the group, as they are described; one that is gone since they were listed has called."""
    scheduler, found = lab.client("scheduler"), []
    for each in scheduler.list_schedules(GroupName=GROUP)["Schedules"]:
        with suppress(scheduler.exceptions.ResourceNotFoundException):
            found.append(scheduler.get_schedule(GroupName=GROUP, Name=each["Name"]))
    return found
