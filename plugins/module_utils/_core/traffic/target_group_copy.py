# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The copy of a target group: what makes the two alike, and what one still lacks of the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..base.errors import BluegreenError
from ..base.fields import carried
from ..base.tags import RESERVED

LONGEST = 32
ALLOWED = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")  # CreateTargetGroup in the API reference


@dataclass(frozen=True)
class Traits:
    """What a copy takes over."""

    settings: Mapping[str, Any]
    attributes: Mapping[str, str]
    tags: Mapping[str, str]

    @classmethod
    def read(
        cls,
        described: Mapping[str, Any],
        attributes: Mapping[str, str],
        tags: Mapping[str, str],
        accepted: Collection[str],
    ) -> Traits:
        """``accepted`` are the fields of CreateTargetGroup.

        An attribute without a value is one that is not set, and AWS does not take it back (the name of an application
        cookie is returned so).
        """
        return cls(
            settings=carried(described, accepted),
            attributes={key: value for key, value in attributes.items() if value},
            tags={key: value for key, value in tags.items() if not key.startswith(RESERVED)},
        )

    def lacking_in(self, copy: Traits) -> Traits:
        """What the copy has otherwise or not at all. What it has in addition is its own."""
        return Traits(
            _lacking(self.settings, copy.settings),
            _lacking(self.attributes, copy.attributes),
            _lacking(self.tags, copy.tags),
        )

    def given(self, lacking: Traits) -> Traits:
        return Traits(
            {**self.settings, **lacking.settings},
            {**self.attributes, **lacking.attributes},
            {**self.tags, **lacking.tags},
        )

    def __bool__(self) -> bool:
        return bool(self.settings or self.attributes or self.tags)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def check_target_group_name(name: str) -> None:
    if len(name) > LONGEST:
        raise BluegreenError(f"{name} is {len(name)} characters long; a target group's name has at most {LONGEST}.")
    if not ALLOWED.fullmatch(name):
        raise BluegreenError(
            f"{name!r} is no name for a target group: letters, digits and hyphens, with no hyphen at either end."
        )


def check_alike(source: str, name: str, copy: Traits, lacking: Traits, modifiable: Collection[str]) -> None:
    """A target group keeps the settings that it was made with, all but those of its health checks."""
    fixed = [
        f"{key} {copy.settings.get(key, 'unset')}, not {value}"
        for key, value in lacking.settings.items()
        if key not in modifiable
    ]
    if fixed:
        raise BluegreenError(
            f"Target group {name} exists and is no copy of {source}: it has {'; '.join(fixed)}, "
            "which cannot be changed. Give another name, or remove it first."
        )


def _lacking(wanted: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in wanted.items() if present.get(key) != value}
