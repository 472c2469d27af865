# SPDX-License-Identifier: GPL-3.0-or-later
"""Who makes a call, and what their policies say: users and roles of the lab's IAM, and its administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from .policy import Policy, parsed

PARTITION = "aws"


class UnknownKeyError(Exception):
    """Temporary credentials without their session token, or of a role that was deleted."""


@dataclass(frozen=True)
class Identity:
    """``policies``: None for the administrator, who may do everything. ``session_of``: what has taken the session on,
    ``user`` or ``role``; empty where the credentials are not temporary."""

    arn: str
    account: str
    policies: Sequence[Policy] | None
    session_of: str = ""
    role: str = ""

    @property
    def names(self) -> set[str]:
        """By which a policy may call it as a principal."""
        return {"*", self.account, f"arn:{PARTITION}:iam::{self.account}:root", self.arn, self.role} - {""}


# moto's name for whoever signs with keys that it does not know.
ADMINISTRATOR = Identity(f"arn:{PARTITION}:sts::{DEFAULT_ACCOUNT_ID}:user/moto", DEFAULT_ACCOUNT_ID, None)


def identity_of(key: str, token: str = "") -> Identity:
    """By its access key and, where that is of a session, its token (else UnknownKeyError). Whoever signs with other
    keys is the administrator."""
    for account, _partition, backend in sts_backends.iter_backends():
        sts: Any = backend
        if session := sts.user_sessions.get(key):
            _check_token(session, token)
            return replace(identity_of(session.signed_by), session_of="user")
        for assumed in sts.assumed_roles:
            if assumed.access_key_id == key:
                _check_token(assumed, token)
                return _of_role(account, assumed)
    for account, partitions in iam_backends.items():
        for user in partitions[PARTITION].users.values():
            if any(each.access_key_id == key for each in user.access_keys):
                return Identity(user.arn, account, policies_of_user(user))
    return ADMINISTRATOR


def _check_token(session: Any, token: str) -> None:
    if token != session.session_token:
        raise UnknownKeyError


def _of_role(account: str, session: Any) -> Identity:
    role = iam_backends[account][PARTITION].roles.get(session.role_id)
    if role is None:
        raise UnknownKeyError
    return Identity(session.arn, account, policies_of(role), "role", role.arn)


def role_of(account: str, arn: str) -> Any:
    """None where there is no such role."""
    return next((each for each in iam_backends[account][PARTITION].roles.values() if each.arn == arn), None)


def policies_of_user(user: Any) -> list[Policy]:
    """And of the groups that it is in."""
    groups = iam_backends[user.account_id][PARTITION].get_groups_for_user(user.name)
    return [each for one in (user, *groups) for each in policies_of(one)]


def policies_of(identity: Any) -> list[Policy]:
    """Inline and managed ones of a user, a group or a role."""
    managed = [
        version.document
        for policy in identity.managed_policies.values()
        for version in policy.versions
        if version.version_id == policy.default_version_id
    ]
    return [parsed(each) for each in (*identity.policies.values(), *managed)]
