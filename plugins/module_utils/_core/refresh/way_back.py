# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a group that is being rolled gets its previous image again."""

from __future__ import annotations

from typing import Literal

from .history import Rolled
from .state import CANCELING, Refresh

WayBack = Literal["refresh", "rollback", "await_rollback", "join"]


def way_back(active: Refresh, brought: str | None, rolled: Rolled) -> WayBack:
    """``brought`` is the image that a refresh brings while it goes forward.

    - ``refresh``: by one more refresh, because this one is being canceled.
    - ``rollback``: AWS rolls it back.
    - ``await_rollback``: AWS is rolling it back already.
    - ``join``: it brings the previous image, so a run that died has begun to return.
    """
    if active.status == CANCELING:
        return "refresh"
    if not active.forward:
        return "await_rollback"
    return "join" if brought is not None and brought == rolled.previous_image else "rollback"
