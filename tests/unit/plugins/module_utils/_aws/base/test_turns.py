# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of a play share the rates of their account."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.session import Clients
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.turns import Turns
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.rates import ELB
from botocore.awsrequest import AWSResponse

SERVICE, REGION = "elastic-load-balancing-v2", "eu-west-1"


class Waits(list[float]):
    """What would have been slept, in seconds."""

    def turns(self, file: Path, account: str = "123456789012", waits: bool = True) -> Turns:
        return Turns(file, account, waits, self.append)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bluegreen-1" / "turns"


def call(file: Path, times: int) -> None:
    turns = Turns(file, "123456789012", waits=False)
    for _ in range(times):
        turns.take(SERVICE, REGION, "DescribeTags")


def test_processes_that_call_at_the_same_time_share_a_rate(file: Path) -> None:
    began, each = time.monotonic(), 20
    fork = multiprocessing.get_context("fork")
    tasks = [fork.Process(target=call, args=(file, each)) for _ in range(4)]
    for task in tasks:
        task.start()
    for task in tasks:
        task.join()
    waits = Waits()
    waits.turns(file).take(SERVICE, REGION, "DescribeTags")
    due = (4 * each + 1 - ELB.burst) / ELB.per_second
    assert due - (time.monotonic() - began) <= waits[0] <= due


def test_reads_of_waits_wait_and_all_else_only_takes_its_turn(file: Path) -> None:
    waits = Waits()
    for _ in range(2 * ELB.burst):
        waits.turns(file).take(SERVICE, REGION, "RegisterTargets")
        waits.turns(file, waits=False).take(SERVICE, REGION, "DescribeListeners")
    assert waits == []
    waits.turns(file).take(SERVICE, REGION, "DescribeListeners")
    assert waits[0] > 1


@pytest.mark.parametrize(
    ("account", "service", "region"),
    [("210987654321", SERVICE, REGION), ("123456789012", SERVICE, "eu-central-1"), ("123456789012", "ec2", REGION)],
    ids=["another account", "another region", "an API whose rates are not known"],
)
def test_who_has_other_rates_does_not_wait(file: Path, account: str, service: str, region: str) -> None:
    call(file, 2 * ELB.burst)
    waits = Waits()
    waits.turns(file, account).take(service, region, "DescribeInstances")
    assert not any(waits)


def test_a_task_that_was_killed_while_it_wrote_stops_nobody(file: Path) -> None:
    call(file, 2 * ELB.burst)
    file.write_text('{"elb 1234', encoding="utf-8")
    waits = Waits()
    waits.turns(file).take(SERVICE, REGION, "DescribeTags")
    assert waits == [0.0]


def test_where_there_is_no_place_for_the_file_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "bluegreen-1").write_text("", encoding="utf-8")
    call(tmp_path / "bluegreen-1" / "turns", 2 * ELB.burst)


def test_the_calls_of_a_client_take_turns(file: Path) -> None:
    call(file, 4 * ELB.burst)
    waits = Waits()
    keys = {"access_key": "a", "secret_key": "s", "region": REGION}
    client = Clients(keys, turns=waits.turns(file))("elbv2")
    client.meta.events.register_last("before-send", lambda **_request: Answer())
    client.describe_load_balancers()
    assert waits[0] > 1


class Answer(AWSResponse):
    def __init__(self) -> None:
        super().__init__("https://aws.example", 200, {}, None)

    @property
    def content(self) -> bytes:
        return (
            b"<DescribeLoadBalancersResponse><DescribeLoadBalancersResult/>"
            b"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeLoadBalancersResponse>"
        )
