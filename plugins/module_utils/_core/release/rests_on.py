# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan rests on: it is read again once nobody else may change the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..traffic.pairs import COLORS

Shown = Mapping[str, Any]  # a service, as service_info returns it


def find_changes(planned: Shown, now: Shown) -> list[str]:
    """What has changed since the plan was made, as sentences."""
    return list(_changes(planned, now))


def _changes(planned: Shown, now: Shown) -> Iterator[str]:
    if planned["stable"] != now["stable"]:
        yield f"Stable is {now['stable']} now, and was {planned['stable']}."
    if planned["weights"] != now["weights"]:
        yield f"The weights are {_shares(now)} now, and were {_shares(planned)}."
    for color in COLORS:
        before, after = planned["environments"][color], now["environments"][color]
        for key, name in (("group", "group"), ("image_id", "image"), ("run", "run")):
            if before[key] != after[key]:
                yield f"The {name} of {color} is {after[key] or 'none'} now, and was {before[key] or 'none'}."


def _shares(service: Shown) -> str:
    return "/".join(str(service["environments"][color]["weight"]) for color in COLORS)
