# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM and STS, what is asked of a role: one function, one API call."""

from __future__ import annotations

from typing import Any

from ..base.errors import AwsError, doing

Client = Any
Item = dict[str, Any]


def get_role(client: Client, name: str) -> Item | None:
    """None for one that does not exist."""
    try:
        with doing(f"reading role {name}"):
            return dict(client.get_role(RoleName=name)["Role"])
    except AwsError as error:
        if error.code != "NoSuchEntity":
            raise
        return None


def get_caller(client: Client) -> str:
    """The ARN of whoever makes the calls."""
    with doing("reading whose credentials these are"):
        return str(client.get_caller_identity()["Arn"])


def simulate_pass_role(client: Client, identity: str, role: str, service: str) -> Item:
    """Whether the policies of a user or a role allow it to hand a role over to a service."""
    context = {"ContextKeyName": "iam:PassedToService", "ContextKeyValues": [service], "ContextKeyType": "string"}
    with doing(f"simulating whether {identity} may pass {role}"):
        answer = client.simulate_principal_policy(
            PolicySourceArn=identity, ActionNames=["iam:PassRole"], ResourceArns=[role], ContextEntries=[context]
        )
    return dict(answer["EvaluationResults"][0])
