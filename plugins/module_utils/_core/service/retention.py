# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deadline of a group that is retained, also as a person has written it to keep the group longer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from ..base.tags import RETAIN_UNTIL, tags_of
from ..base.timestamps import NO_END, aware
from .environments import Service


def read_deadline(tags: Mapping[str, str]) -> datetime | None:
    """None is not retained. A malformed deadline counts as no end: better kept than removed."""
    if RETAIN_UNTIL not in tags:
        return None
    with suppress(ValueError):
        return aware(tags[RETAIN_UNTIL])
    return NO_END


def find_malformed_deadlines(service: Service) -> list[str]:
    groups = [environment.group for environment in service.environments.values() if environment.group]
    return [
        f"Tag {RETAIN_UNTIL} of {group.name} is not a moment with its offset from UTC: "
        f"{tags_of(group.described)[RETAIN_UNTIL]}. So the group is not removed. Correct the tag, such as "
        "2026-12-27T06:00:00+01:00."
        for group in groups
        if group.retain_until == NO_END
    ]
