# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Systems Manager: one function, one API call."""

from __future__ import annotations

from typing import Any

from ..base.errors import doing

Client = Any


def get_parameter(ssm: Client, name: str) -> dict[str, Any]:
    """A SecureString stays encrypted."""
    with doing(f"reading the parameter {name} of Systems Manager"):
        return dict(ssm.get_parameter(Name=name)["Parameter"])
