# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which color is declared stable, until when each group is retained, and what is not marked as the service's yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..base.arns import is_arn, target_group_name
from ..base.errors import BluegreenError
from ..base.tags import COLOR, SERVICE, find_other_run
from ..group.marks import HOOK, Remark
from ..traffic.pairs import Color, other


@dataclass(frozen=True)
class Settlement:
    """``stable`` is empty before anything was declared, or when the target groups disagree.

    ``unclaimed``: the tags that say whose it is and what it runs, as far as it lacks them, by target group ARN or by
    group. ``leaving``: by group, that somebody is removing it. ``guards``: what protects the group that is stable until
    now, as far as the next one lacks it.
    """

    stable: Color
    retain_until: Mapping[Color, datetime | None]
    unclaimed: Mapping[str, Mapping[str, str]]
    rejected: bool = False
    leaving: Mapping[str, Remark] = field(default_factory=dict)
    guards: Mapping[str, Any] = field(default_factory=dict)

    def settled(self, stable: Color, deadline: datetime | None) -> Settlement:
        """Once ``stable`` is declared: it is not retained, the other is, up to the deadline it has or gets now.

        What was stable until now has no deadline of its own: a tag says one only if a run died while it settled.
        """
        old = other(stable)
        kept = None if self.stable == old else self.retain_until[old]
        retain_until = {stable: None, old: kept or deadline}
        return replace(self, stable=stable, retain_until=retain_until, unclaimed={}, rejected=False, guards={})

    def as_data(self) -> dict[str, object]:
        deadlines = {color: until.isoformat() if until else None for color, until in self.retain_until.items()}
        return {"stable": self.stable or None, "retain_until": deadlines}


def check_run(group: str, tags: Mapping[str, str], run: str | None) -> None:
    """``run`` is the id of the run that settles; None compares nothing."""
    if finding := find_other_run(group, tags, run):
        raise BluegreenError(f"{finding} So it is not declared stable. Look at it with status.yml.")


def lacking_claim(service: str, color: Color, resource: str, tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that make a target group or a group the service's, as far as it lacks them."""
    claim = {SERVICE: service, COLOR: color}
    for key, value in claim.items():
        if tags.get(key, value) != value:
            name = target_group_name(resource) if is_arn(resource) else resource
            raise BluegreenError(
                f"{name} is tagged {key}={tags[key]}, so it is not {service}'s {color}; name another one, or correct "
                "the tag."
            )
    return {key: value for key, value in claim.items() if key not in tags}


def refuse_leaving(service: str, color: Color, group: str, remark: Remark) -> None:
    """Nobody declares an environment stable that somebody is removing."""
    since = f" since {remark.at.isoformat()}" if remark.at else ""
    hook = " A hook may have changed what its release needs." if remark.reason.startswith(HOOK) else ""
    raise BluegreenError(
        f"{color} of {service} is not declared stable: {group} is being removed{since} "
        f"({remark.reason.rstrip('.')}).{hook} Deploy its image again "
        "instead. To return to it nevertheless, give bluegreen_override a reason and allow leaving.",
        leaving=remark.as_data(),
    )
