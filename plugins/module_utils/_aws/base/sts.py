# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security Token Service: one function, one API call."""

from __future__ import annotations

from typing import Any

from .errors import doing

Client = Any


def assume_role(client: Client, role: str, session: str, external_id: str | None = None) -> dict[str, str]:
    """Keys, by the names of the options that take them."""
    external = {"ExternalId": external_id} if external_id else {}
    with doing(f"assuming role {role}"):
        keys = client.assume_role(RoleArn=role, RoleSessionName=session, **external)["Credentials"]
    return {
        "access_key": keys["AccessKeyId"],
        "secret_key": keys["SecretAccessKey"],
        "session_token": keys["SessionToken"],
    }
