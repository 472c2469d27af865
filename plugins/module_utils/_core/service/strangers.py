# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets in an environment's target group that are not instances of its Auto Scaling group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..targets.registration import Target
from .environments import Environment

Owners = Mapping[str, str]  # Auto Scaling groups by instance id


def find_strangers(environment: Environment, owners: Owners) -> list[Target]:
    """One that is being deregistered gets no new requests, so it does not count.

    ``owners`` is read after the targets: an instance that has just been launched is not a stranger.
    """
    group = environment.group
    return [
        target
        for target in environment.targets
        if not target.draining
        and target.id not in (group.instances if group else ())
        and (group is None or owners.get(target.id) != group.name)
    ]


def idle_finding(environment: Environment, strangers: Sequence[Target], owners: Owners) -> str:
    """Why nothing may be released into this target group."""
    return (
        f"Target group {environment.name} is to serve only the candidate, but it also has "
        f"{_message(strangers, owners)}. These would get a share of the candidate's traffic. Deregister them, or "
        "detach their Auto Scaling group."
    )


def stable_remark(environment: Environment, strangers: Sequence[Target], owners: Owners) -> str:
    """``strangers`` leave with the traffic, and the candidate is as large as the group alone."""
    whose = f"instances of {environment.group.name}" if environment.group else "instances of a group of the service"
    return (
        f"Target group {environment.name} has targets that are not {whose}: {_message(strangers, owners)}. "
        f"{_carried(environment, strangers)} A release moves these requests to a candidate that is built without them."
    )


def _carried(environment: Environment, strangers: Sequence[Target]) -> str:
    """What strangers carry of the traffic. With several target groups, it is not known in which one a target is."""
    if len(environment.target_groups) > 1:
        return "They carry a part of its requests."
    carried, healthy = sum(target.healthy for target in strangers), environment.healthy
    percent = round(100 * carried / healthy) if healthy else 0
    return f"They are {carried} of its {healthy} healthy targets, so they carry about {percent} % of its requests."


def _message(strangers: Sequence[Target], owners: Owners) -> str:
    """``i-1, i-2 (Auto Scaling group other), 10.0.0.7 (in no Auto Scaling group)``"""
    by_owner: dict[str, list[str]] = {}
    for target in strangers:
        owner = owners.get(target.id)
        by_owner.setdefault(f"Auto Scaling group {owner}" if owner else "in no Auto Scaling group", []).append(
            target.id
        )
    return ", ".join(f"{', '.join(dict.fromkeys(ids))} ({owner})" for owner, ids in by_owner.items())
