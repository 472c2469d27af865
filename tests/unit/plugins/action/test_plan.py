# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller knows of a play, for the plan of one of its services."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.template import Templar
from ansible_collections.switchyard.bluegreen.plugins.action.plan import ActionModule, has_batches

ENDED = {
    "alpha": {"release_outcome": {"end_state": "refused"}},
    "beta": {"release_outcome": {"end_state": "rolled_back"}},
    "gamma": {"roll_outcome": {"end_state": "halted"}},
    "delta": {"release_outcome": {"end_state": "succeeded"}},
    "omega": {},
}


@pytest.mark.parametrize(
    ("serial", "batches"),
    [
        ([], False),
        (["100%"], False),
        ("100%", False),
        (["10"], False),
        ([12], False),
        ([0], False),
        (["50%"], True),
        ("2", True),
        ([2], True),
        ([1, "100%"], True),
        (["5%"], True),
    ],
)
def test_a_play_has_batches_by_its_keyword(serial: Any, batches: bool) -> None:
    assert has_batches(serial, 10) == batches


def given(serial: Any, **variables: Any) -> dict[str, Any]:
    """What the action plugin knows of a play in which all but omega have ended."""
    loader, name = DataLoader(), "switchyard.bluegreen.plan"
    play = Play.load({"hosts": "all", "serial": serial, "tasks": [{name: {"stages": ["provision"]}}]}, loader=loader)
    (task,) = play.get_tasks()[0]
    known = {"inventory_hostname": "omega", "ansible_play_batch": ["omega"], "ansible_play_hosts_all": [*ENDED]}
    known |= {"hostvars": ENDED, **variables}
    return ActionModule(task, None, None, loader, Templar(loader, known), None).given(known)


def test_those_that_were_returned_or_halted_have_failed_and_those_that_were_refused_have_not() -> None:
    found = given([2])
    assert (found["failed"], found["max_failed"]) == (["beta", "gamma"], 0)


def test_how_many_may_fail_is_unlimited_without_batches_unless_it_is_set() -> None:
    assert given(["100%"])["max_failed"] is None
    assert [given(serial, bluegreen_max_failed=1)["max_failed"] for serial in (["100%"], [2])] == [1, 1]
