# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller knows of a play, for the plan of one of its services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.template import Templar
from ansible.vars.manager import VariableManager
from ansible_collections.switchyard.bluegreen.plugins.action.plan import ActionModule, has_batches


class Hosts:
    """Their variables, which Ansible makes again whenever somebody looks into a host."""

    def __init__(self) -> None:
        self.looked_into: list[str] = []

    def raw_get(self, host: str) -> Any:
        self.looked_into.append(host)
        return ENDED[host]


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


def given(
    serial: Any,
    stage: str = "provision",
    extra: Mapping[str, Any] | None = None,
    order: str | None = None,
    **variables: Any,
) -> dict[str, Any]:
    """What the action plugin knows of a play in which all but omega have ended, and which has ``extra`` variables."""
    loader, name = DataLoader(), "switchyard.bluegreen.plan"
    manager = VariableManager(loader, InventoryManager(loader))
    manager._extra_vars = dict(extra or {})
    asked = {"hosts": "all", "serial": serial, "order": order, "tasks": [{name: {"stages": [stage]}}]}
    play = Play.load(asked, manager, loader)
    (task,) = play.get_tasks()[0]
    known = {"inventory_hostname": "omega", "ansible_play_batch": ["omega"], "ansible_play_hosts_all": [*ENDED]}
    known |= {"hostvars": Hosts(), **(extra or {}), **variables}
    return ActionModule(task, None, None, loader, Templar(loader, known), None).given(known)


def test_those_that_were_returned_or_halted_have_failed_and_those_that_were_refused_have_not() -> None:
    found = given([2])
    assert (found["failed"], found["max_failed"]) == (["beta", "gamma"], 0)


def test_how_many_may_fail_is_unlimited_without_batches_unless_it_is_set() -> None:
    assert given(["100%"])["max_failed"] is None
    assert [given(serial, bluegreen_max_failed=1)["max_failed"] for serial in (["100%"], [2])] == [1, 1]


def test_the_plan_is_given_the_strategy_of_the_play() -> None:
    assert given([])["strategy"] == "linear", "which a play has that sets none"


def test_services_of_a_large_play_do_not_begin_at_once_but_a_watch_does() -> None:
    """It may have traffic to return."""
    hosts = [*(f"s{number}" for number in range(12)), "omega"]
    assert given([], ansible_play_batch=hosts, ansible_forks=50)["begins_after"] == 30
    assert given([], ansible_play_batch=hosts, ansible_forks=5)["begins_after"] == 0
    assert given([], "watch", ansible_play_batch=hosts, ansible_forks=50)["begins_after"] == 0


def test_batches_that_are_asked_for_in_the_inventory_are_refused() -> None:
    """Ansible would begin all services at once."""
    (finding,) = [each for each in given(["100%"], bluegreen_serial=1)["findings"] if "bluegreen_serial" in each]
    assert finding.startswith(
        "bluegreen_serial is set in the inventory, and a play reads it from extra variables only."
    )


@pytest.mark.parametrize(
    "found",
    [
        given([1], extra={"bluegreen_serial": 1}),
        given(["100%"], bluegreen_serial=""),
        given([], "teardown", bluegreen_serial=1),
        given([], "watch", bluegreen_serial=1),
    ],
    ids=["extra", "unset", "teardown", "watch"],
)
def test_batches_are_allowed_where_the_play_reads_them_or_takes_none(found: dict[str, Any]) -> None:
    assert not any("bluegreen_serial" in finding for finding in found["findings"])


@pytest.mark.parametrize(("order", "begun"), [(None, 3), ("inventory", 3), ("shuffle", 5)])
def test_each_host_of_this_batch_and_before_it_is_looked_into_once(order: str | None, begun: int) -> None:
    """Each look takes milliseconds, for each service and each host."""
    hosts = Hosts()
    found = given([2], order=order, hostvars=hosts, ansible_play_batch=["gamma"])
    assert hosts.looked_into == [*ENDED][:begun]
    assert found["failed"] == ["beta", "gamma"]
