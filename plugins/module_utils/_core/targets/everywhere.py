# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets of an environment that has several target groups."""

from __future__ import annotations

from collections.abc import Sequence

from .registration import Registration, Target


def everywhere(looks: Sequence[Sequence[Target]]) -> list[Target]:
    """Each once, as it is in the target group where it is worst; ``looks`` are at one target group each.

    A load balancer sends requests only to those that are registered and healthy in its own target group.
    """
    if len(looks) == 1:
        return list(looks[0])
    found: dict[str, list[list[Target]]] = {each.id: [] for look in looks for each in look}
    for identifier, places in found.items():
        places.extend([each for each in look if each.id == identifier] for look in looks)
    return [_worst(identifier, places) for identifier, places in found.items()]


def _worst(identifier: str, places: Sequence[Sequence[Target]]) -> Target:
    every = [each for its in places for each in its]
    absent = [Registration(identifier).unregistered() for its in places if not its]
    return next((each for each in every if not each.healthy), next(iter(absent), every[0]))
