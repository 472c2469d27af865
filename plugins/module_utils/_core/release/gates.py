# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: what forbids a release at this moment, though nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..base.durations import elapsed
from ..lease.contest import Holder
from ..service.freeze import Freeze
from ..service.phases import SHIFTING
from ..service.windows import Window, find_closed


def find_closed_gates(service: Mapping[str, Any], windows: Sequence[Window], now: datetime) -> dict[str, str]:
    """A sentence for each, by what an override calls it. ``service`` is what module service_info returns under that
    key.

    Windows are for what begins: a shift in progress should not stay where it is. A freeze prevents both.
    """
    name, closed = service["service"], {}
    if service["frozen"]:
        closed["freeze"] = f"{name} is {Freeze.from_data(service['frozen'])}. Lift the freeze with unfreeze.yml."
    if service["phase"] != SHIFTING and (reason := find_closed(windows, now)):
        closed["window"] = f"{name} {reason}."
    return closed


def rival_of(service: str, holders: Iterable[Holder | None], now: datetime) -> dict[str, str]:
    """Another run that changes the service, by what an override calls it."""
    alive = [holder.claim for holder in holders if holder and holder.alive]
    if not alive:
        return {}
    claim = alive[0]
    return {
        "lease": f"{claim.message(service, now.timestamp())}. Wait until it has ended; if it stops responding, its "
        f"lease expires within {elapsed(claim.until - claim.renewed)}. To take over from it, set "
        "bluegreen_override to {reason: why, allow: [lease]}."
    }
