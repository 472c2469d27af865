# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and roles of the lab's IAM, and what their policies say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from .policy import Policy, parsed

PARTITION = "aws"


@dataclass(frozen=True)
class Identity:
    """A user, or the session of a role."""

    arn: str
    policies: Sequence[Policy]


def identity_of(key: str) -> Identity | None:
    """By its access key. None: whoever signs with other keys is the lab's administrator, and may do everything."""
    backend = iam_backends[DEFAULT_ACCOUNT_ID][PARTITION]
    for user in backend.users.values():
        if any(each.access_key_id == key for each in user.access_keys):
            return Identity(user.arn, policies_of_user(user))
    for session in sts_backends[DEFAULT_ACCOUNT_ID][PARTITION].assumed_roles:
        role = role_of(DEFAULT_ACCOUNT_ID, session.role_arn)
        if role and session.access_key_id == key:
            return Identity(session.arn, policies_of(role))
    return None


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
