# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs, shared by each module and its action plugin. The AWS fragments' options are added by both."""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]

LISTENER_WEIGHTS: Spec = {
    "routes": {"type": "list", "elements": "str", "required": True},
    "weights": {"type": "dict", "required": True},
    "expected": {"type": "dict"},
    "stickiness_seconds": {"type": "int"},
}
