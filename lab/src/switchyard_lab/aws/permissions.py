# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what, by the policies of users and roles, where the lab asks at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.iam.responses import IamResponse

EVERYONE = "user/moto"  # whoever calls the lab without keys of a user of its own may do everything


class LabIamResponse(IamResponse):
    def simulate_principal_policy(self) -> ActionResult:
        """Policies alone: no boundary, no organization (SimulatePrincipalPolicy in the API reference of IAM)."""
        source, resources = self._get_param("PolicySourceArn"), self._get_param("ResourceArns") or ["*"]
        context = {
            each["ContextKeyName"]: each["ContextKeyValues"][0] for each in self._get_param("ContextEntries") or []
        }
        everything = source.endswith(f":{EVERYONE}")
        policies = [] if everything else policies_of(_identity(self.current_account, source))
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": "allowed"
                if everything or allows(policies, action, resource, context)
                else "implicitDeny",
            }
            for action in self._get_param("ActionNames")
            for resource in resources
        ]
        return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def role_of(account: str, arn: str) -> Any:
    """None where there is no such role."""
    return next((each for each in iam_backends[account]["aws"].roles.values() if each.arn == arn), None)


def policies_of(identity: Any) -> list[Any]:
    """Inline and managed ones of a user or a role."""
    return [*identity.policies.values(), *identity.managed_policies.values()]


def allows(policies: Sequence[Any], action: str, resource: str, context: Mapping[str, str] | None = None) -> bool:
    found = [IAMPolicy(each).is_action_permitted(action, resource, None, dict(context or {})) for each in policies]
    return PermissionResult.PERMITTED in found and PermissionResult.DENIED not in found


def _identity(account: str, arn: str) -> Any:
    users = iam_backends[account]["aws"].users.values()
    found = role_of(account, arn) or next((each for each in users if each.arn == arn), None)
    if found is None:
        raise NotFoundException(f"{arn} cannot be found.")
    return found
