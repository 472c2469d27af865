# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One variable of a service: its name, kind, default, bounds and text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .values import described_duration

PREFIX = "bluegreen_"
# The kinds of values: the type and the type of elements that an argument spec gives them, and what people call them.
KINDS: dict[str, tuple[str, str | None, str]] = {
    "text": ("str", None, "text"),
    "choice": ("str", None, "choice"),
    "image": ("str", None, "image ID"),
    "image_rule": ("dict", None, "mapping"),
    "moment": ("str", None, "date and time"),
    "store": ("str", None, "URL"),
    "whole": ("int", None, "whole number"),
    "percent": ("int", None, "percent"),
    "duration": ("str", None, "duration"),
    "names": ("list", "str", "list of names"),
    "end_states": ("list", "str", "list of end states"),
    "percents": ("list", "int", "list of percents"),
    "routes": ("list", "raw", "list of ARNs or mappings"),
    "target_groups": ("dict", None, "mapping of blue and green"),
    "test_route": ("dict", None, "mapping"),
    "new_test_route": ("dict", None, "mapping"),
    "group": ("dict", None, "mapping"),
    "checks": ("list", "dict", "list of mappings"),
    "metrics": ("list", "dict", "list of mappings"),
    "mark": ("dict", None, "mapping with header or json"),
    "strategy": ("raw", None, "name, mapping or list of steps"),
    "windows": ("list", "dict", "list of mappings"),
    "override": ("raw", None, "text or mapping"),
    "notify": ("list", "dict", "list of mappings"),
    "hooks": ("dict", None, "mapping of hooks to files"),
}

# Kinds in whose values there may be a secret, such as a token in a header. Errors of their templates are not quoted.
MAY_HIDE = ("checks", "test_route", "new_test_route", "group", "notify")


@dataclass(frozen=True)
class Variable:
    """What a person may set for a service.

    ``text`` has code in backticks. ``default`` is the value where nothing is set, as the readers return it; ``said``
    describes a default that is not a fixed value. ``example`` is a value as YAML. ``least`` and ``most`` bound numbers,
    and durations in seconds.
    """

    key: str
    kind: str
    text: str
    example: str
    default: Any = None
    said: str = ""
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    secret: bool = False
    group: str = ""

    @property
    def may_hide(self) -> bool:
        return self.secret or self.kind in MAY_HIDE

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.key}"

    @property
    def described_kind(self) -> str:
        if self.choices:
            return "one of " + ", ".join(self.choices)
        return KINDS[self.kind][2]

    @property
    def described_default(self) -> str:
        """The default as a person writes it; empty without one."""
        if self.said:
            return self.said
        if self.default in (None, "", (), [], {}):
            return ""
        return described_duration(self.default) if self.kind == "duration" else str(self.default)
