# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs, shared by each module and its action plugin: what one is, and what several of them take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Spec:
    """What a module takes.

    ``options`` are AnsibleModule's argument_spec. ``rules`` say which of them go together, as AnsibleModule's arguments
    of these names. With ``aws`` the options of amazon.aws's fragments come along, and clients can be made from them.
    """

    options: Mapping[str, Any]
    rules: Mapping[str, Any] = field(default_factory=dict)
    aws: bool = True

    def argument_spec(self) -> dict[str, Any]:
        return dict(self.options)

    def read(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        return given


COLORS = ["blue", "green"]

# Which service a task is about, and what splits its traffic (the doc fragments of these names).
SERVICE: Mapping[str, Any] = {
    "service": {"type": "str", "required": True},
    "target_groups": {"type": "dict", "required": True},
}
ROUTES: Mapping[str, Any] = {
    "routes": {"type": "list", "elements": "raw", "required": True},  # an ARN, or a dictionary for a DNS record
}

ALARMS = {"type": "list", "elements": "str", "default": []}
