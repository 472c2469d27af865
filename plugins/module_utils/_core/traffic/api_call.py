# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of AWS's API as values, for AWS to make them when nobody else does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ApiCall:
    """``service``: the SDK's identifier of it, in lower case and without spaces; ``action`` in camel case; ``request``
    with the names that the API reference has."""

    service: str
    action: str
    request: Mapping[str, Any]
