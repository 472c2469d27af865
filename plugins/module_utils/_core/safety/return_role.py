# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS needs to return the traffic by itself: the group of the schedules, and a role that Scheduler may assume."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from ..base.errors import BluegreenError
from .schedules import GROUP

ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/([\w+=,.@/-]+)")  # Target.RoleArn in the API reference of Scheduler
PRINCIPAL = "scheduler.amazonaws.com"  # "Set up the execution role", in its user guide
NO_GROUP = (
    f"bluegreen_return_role: there is no schedule group {GROUP} in this region. Make it once: aws scheduler "
    f"create-schedule-group --name {GROUP}"
)


def check_role_arn(arn: str) -> None:
    if not ROLE.fullmatch(arn):
        raise BluegreenError(f"{arn} is not the ARN of an IAM role.")


def role_name(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def find_distrust(arn: str, role: Mapping[str, Any] | None) -> list[str]:
    """A finding when Scheduler could not assume the role ``arn``. ``role`` is GetRole's answer, None when there is
    no such role."""
    if role is None:
        return [f"bluegreen_return_role: there is no role {arn}. Make it as docs/return-by-aws.md shows."]
    if any(map(_trusts, _statements(role.get("AssumeRolePolicyDocument")))):
        return []
    return [
        f"bluegreen_return_role: {arn} does not allow {PRINCIPAL} to assume it. Give it the trust policy that "
        "docs/return-by-aws.md shows."
    ]


def session_role(caller: str) -> str | None:
    """The name of the role whose session a caller is, ``…:sts::ACCOUNT:assumed-role/NAME/SESSION``; None for a user."""
    kind, *names = caller.rsplit(":", 1)[-1].split("/")
    return names[0] if kind == "assumed-role" and names else None


def find_denial(arn: str, caller: str, result: Mapping[str, Any]) -> list[str]:
    """A finding when ``caller`` may not pass the role ``arn``. ``result`` is one evaluation of
    SimulatePrincipalPolicy. One that lacks values for conditions, such as a region, proves nothing."""
    if result["EvalDecision"] == "allowed" or result.get("MissingContextValues"):
        return []
    return [
        f"bluegreen_return_role: {caller} may not pass {arn} to {PRINCIPAL}. Allow it iam:PassRole as "
        "docs/iam/with-return.json does."
    ]


def _statements(document: Any) -> list[Any]:
    """The SDK parses the document."""
    parsed = json.loads(document) if isinstance(document, str) else document or {}
    return _listed(parsed.get("Statement"))


def _trusts(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    services = _listed(principal.get("Service")) if isinstance(principal, Mapping) else []
    actions = _listed(statement.get("Action"))
    return statement.get("Effect") == "Allow" and PRINCIPAL in services and any(map(_is_assuming, actions))


def _is_assuming(action: str) -> bool:
    """Actions have no case, and may have wildcards ("IAM JSON policy elements: Action" in the IAM User Guide)."""
    return fnmatchcase("sts:assumerole", action.lower())


def _listed(value: Any) -> list[Any]:
    """One alone needs no list in a policy."""
    return value if isinstance(value, list) else [] if value is None else [value]
