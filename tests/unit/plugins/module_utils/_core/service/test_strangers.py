# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Environment
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.strangers import (
    find_strangers,
    idle_finding,
    stable_remark,
)

from ..targets.targets import target
from ..traffic.routes import BLUE
from .services import group


def environment(*targets: str, empty: bool = False) -> Environment:
    """Targets by id; ``i-2:draining`` is one that leaves."""
    split = [each.partition(":") for each in targets]
    its = [target(each, state or "healthy") for each, _colon, state in split]
    return Environment("blue", [BLUE], 100, None if empty else group("blue"), its)


def ids(environment: Environment, **owners: str) -> list[str]:
    return [
        each.id for each in find_strangers(environment, {key.replace("_", "-"): its for key, its in owners.items()})
    ]


def test_who_is_a_stranger() -> None:
    assert ids(environment("i-1", "i-2", "i-3:draining", "10.0.0.7")) == ["i-2", "10.0.0.7"]
    assert ids(environment("i-1", "i-2"), i_2="web-blue-v001") == [], "it was launched a moment ago"
    assert ids(environment("i-1", "i-2"), i_2="other") == ["i-2"]
    assert ids(environment("i-1", empty=True)) == ["i-1"], "nothing of the service runs there"


def test_what_is_said_of_them() -> None:
    mixed = environment("i-1", "i-2", "i-3:unhealthy", "10.0.0.7")
    owners = {"i-2": "other", "i-3": "other"}
    strangers = find_strangers(mixed, owners)
    reported = "i-2, i-3 (Auto Scaling group other), 10.0.0.7 (in no Auto Scaling group)"
    assert reported in idle_finding(mixed, strangers, owners)
    remark = stable_remark(mixed, strangers, owners)
    assert reported in remark
    assert "2 of its 3 healthy targets, so they carry about 67 % of its requests" in remark


def test_targets_of_which_none_is_healthy_carry_nothing() -> None:
    down = environment("i-2:unhealthy")
    assert "about 0 %" in stable_remark(down, find_strangers(down, {}), {})


def test_of_several_target_groups_each_is_named_and_no_share_is_made_up() -> None:
    """A target that is in one of them counts as down in the environment, and yet it serves requests."""
    several = replace(environment("i-1", "i-2:unused"), target_groups=[BLUE, BLUE.replace("web", "admin")])
    strangers = find_strangers(several, {})
    assert "Target group web-blue and admin-blue is to serve only" in idle_finding(several, strangers, {})
    remark = stable_remark(several, strangers, {})
    assert "Target group web-blue and admin-blue has" in remark
    assert "They carry a part of its requests." in remark
