# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many targets of an Auto Scaling group are to be healthy while a release bakes."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from ..targets.members import Members
from .capacity import originals_of

DESIRED, MINIMUM = "desired", "minimum"


def least_healthy(group: Mapping[str, Any], capacity: str, percent: int) -> int:
    """``percent`` of what its ``capacity`` amounts to, DESIRED or MINIMUM, in whole targets. A pinned group counts with
    the minimum that it had."""
    members, originals = Members.read(group), originals_of(group)
    if capacity == DESIRED:
        return _share(members.healthy_for(members.desired), percent)
    least = members.healthy_for(originals.minimum if originals else group["MinSize"])
    # With none of those that it should have, it serves nobody.
    return max(_share(least, percent), 1 if members.desired else 0)


def _share(targets: int, percent: int) -> int:
    return ceil(targets * percent / 100)
