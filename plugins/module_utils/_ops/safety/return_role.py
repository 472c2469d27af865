# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what AWS needs to return the traffic by itself."""

from __future__ import annotations

from typing import Any

from ..._aws.base.errors import AwsError
from ..._aws.safety import iam, scheduler
from ..._core.base.errors import BluegreenError
from ..._core.safety.return_role import NO_GROUP, PRINCIPAL, role_name, session_role
from ..._core.safety.schedules import GROUP
from ..base.run import Run


def read_group(run: Run, missing: type[BluegreenError]) -> dict[str, Any]:
    """``missing``: the error that says that there is none."""
    try:
        return scheduler.get_schedule_group(run.client("scheduler"), GROUP)
    except AwsError as error:
        if error.code != scheduler.NOT_FOUND:
            raise
        raise missing(NO_GROUP) from error


def read_role(run: Run, arn: str) -> dict[str, Any] | None:
    return iam.get_role(run.client("iam"), role_name(arn))


def read_pass_role(run: Run, arn: str) -> tuple[str, dict[str, Any]]:
    """Who hands the role over, and whether that is allowed. Policies are those of the role, not of a session of it."""
    client, caller = run.client("iam"), iam.get_caller(run.client("sts"))
    name = session_role(caller)
    role = iam.get_role(client, name) if name else None
    identity = role["Arn"] if role else caller
    return identity, iam.simulate_pass_role(client, identity, arn, PRINCIPAL)
