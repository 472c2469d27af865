# SPDX-License-Identifier: GPL-3.0-or-later
"""What IAM answers when it is asked what somebody may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.iam.responses import IamResponse

from ..iam.identities import ADMINISTRATOR, PARTITION, policies_of, policies_of_user, role_of
from ..iam.policy import Policy, Question, decide

EVERYTHING = Policy.of({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


class LabIamResponse(IamResponse):
    def simulate_principal_policy(self) -> ActionResult:
        """Policies alone: no boundary, no organization (SimulatePrincipalPolicy in the API reference of IAM)."""
        source, resources = self._get_param("PolicySourceArn"), self._get_param("ResourceArns") or ["*"]
        context = {each["ContextKeyName"]: each["ContextKeyValues"] for each in self._get_param("ContextEntries") or []}
        policies = _policies(self.current_account, source)
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": decide(policies, Question(action, resource, context)),
            }
            for action in self._get_param("ActionNames")
            for resource in resources
        ]
        return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _policies(account: str, arn: str) -> Sequence[Policy]:
    if arn == ADMINISTRATOR.arn:
        return [EVERYTHING]
    if role := role_of(account, arn):
        return policies_of(role)
    users: Any = iam_backends[account][PARTITION].users.values()
    found = next((each for each in users if each.arn == arn), None)
    if found is None:
        raise NotFoundException(f"{arn} cannot be found.")
    return policies_of_user(found)
