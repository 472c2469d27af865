# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM: one function, one API call."""

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
