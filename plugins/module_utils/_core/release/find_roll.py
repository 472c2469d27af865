# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether AWS can replace the instances of the live group in place."""

from __future__ import annotations

from ..base.tags import tags_of
from ..refresh.history import Rolled
from ..refresh.state import find_refused, find_unbounded
from .case import Case
from .plan import ROLL


def find_limits_of_refresh(case: Case) -> list[str]:
    """A roll that has begun, or has nothing left to do, is not refused for them."""
    group = case.service.environments[case.service.stable].group if case.service else None
    if case.release.brings_up != ROLL or group is None or not group.described:
        return []
    if case.definition.candidate.image_id in (group.image_id, Rolled.read(tags_of(group.described)).image):
        return []
    return [*find_refused(group.described), *find_unbounded(group.described)]
