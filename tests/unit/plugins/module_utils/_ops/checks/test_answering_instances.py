# SPDX-License-Identifier: GPL-3.0-or-later
"""Which instances of a group have to answer, and which may."""

from __future__ import annotations

import random
from collections.abc import Callable
from threading import Lock
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws

from tests.unit.clock import FakeClock

from .proving import Answer, Request, in_turn, in_turn_of_two, prove, prove_in, route


def test_a_group_is_read_where_there_is_an_sdk() -> None:
    with pytest.raises(BluegreenError, match="cannot import botocore"):
        prove("http://127.0.0.1:1", instances={"header": "X-Instance-Id", "group": "web-green-v002"})


class Groups:
    """Stands for the client of Auto Scaling: the states of a group's instances, look by look; the last stays."""

    def __init__(self, *looks: dict[str, str]) -> None:
        self.looks = list(looks)

    def get_paginator(self, _operation: str) -> Groups:
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        states = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        instances = [
            {"InstanceId": each, "LifecycleState": its, "HealthStatus": "Healthy"} for each, its in states.items()
        ]
        group = {
            "AutoScalingGroupName": asked["AutoScalingGroupNames"][0],
            "DesiredCapacity": 3,
            "Instances": instances,
        }
        return [{"AutoScalingGroups": [{**group, "CreatedTime": 0, "HealthCheckType": "EC2"}]}]


def prove_group(answer: Callable[[Request], Answer], *looks: dict[str, str], **instances: Any) -> dict[str, Any]:
    groups, clock = Groups(*looks), FakeClock()
    asked = {"header": "X-Instance-Id", "group": "web-green-v002", **instances}
    with route(answer) as candidate:
        return prove_in(Run(client=lambda _service: groups, clock=clock), candidate.url, instances=asked)


def test_only_instances_in_service_have_to_answer() -> None:
    absent = {"i-3": "Pending:Wait", "i-4": "Terminating:Wait", "i-5": "Standby"}
    result = prove_group(in_turn_of_two, {"i-1": "InService", "i-2": "InService", **absent})
    assert result["instances"] == ["i-1", "i-2"]


def test_an_instance_that_leaves_its_group_during_the_checks_need_not_answer_and_one_that_joins_may() -> None:
    before = dict.fromkeys(["i-1", "i-2", "i-8", "i-9"], "InService")
    after = {"i-1": "InService", "i-2": "InService", "i-3": "InService", "i-8": "Terminating"}
    assert prove_group(in_turn, before, after)["instances"] == ["i-1", "i-2", "i-3"]


def test_where_every_expected_instance_has_left_without_an_answer_the_others_do_not_stand_for_them() -> None:
    states = {"i-1": "InService", "i-2": "InService", "i-3": "InService", "i-9": "Terminating"}
    with pytest.raises(BluegreenError) as failure:
        prove_group(in_turn, states, expected=["i-8", "i-9"], others=True)
    (said,) = failure.value.facts["findings"]
    assert said.startswith("No answer came from i-8, i-9 in ")
    assert said.endswith(" requests. All the instances that were expected have left the group.")


def test_an_instance_that_stays_in_its_group_has_to_answer() -> None:
    with pytest.raises(BluegreenError, match="No answer came from i-4 in"):
        prove_group(in_turn, dict.fromkeys(["i-1", "i-2", "i-3", "i-4"], "InService"))


def test_an_instance_of_another_group_that_answers_is_named() -> None:
    with pytest.raises(BluegreenError, match="Instance i-3 answered, which is not one of the expected: i-1, i-2"):
        prove_group(in_turn, {"i-1": "InService", "i-2": "InService"})


def test_of_the_instances_given_those_have_to_answer_that_the_group_still_has() -> None:
    states = dict.fromkeys(["i-1", "i-2", "i-3", "i-4"], "InService")
    given = {"expected": ["i-1", "i-9"], "others": True}
    assert "i-1" in prove_group(in_turn, states, **given)["instances"]
    with pytest.raises(BluegreenError, match="No answer came from i-4 in"):
        prove_group(in_turn, states, **given | {"expected": ["i-1", "i-4"]})
    assert prove_group(in_turn, states, **given | {"expected": []})["findings"] == []


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_instances_that_a_load_balancer_chooses_at_random_are_all_found(seed: int) -> None:
    instances, dice, clock = [f"i-{number}" for number in range(40)], random.Random(seed), FakeClock()
    run = Run(client=no_aws, clock=clock, pace=5)
    with route(lambda _request: Answer(instance=dice.choice(instances))) as candidate:
        prove_in(run, candidate.url, instances={"header": "X-Instance-Id", "expected": instances})
    assert clock.time < 30


def test_new_instances_among_many_are_found_even_if_each_answer_takes_long() -> None:
    """As in a roll: the load balancer chooses among all instances of the group."""
    clock, lock, dice, instances = FakeClock(), Lock(), random.Random(10), [f"i-{number}" for number in range(60)]
    groups = Groups(dict.fromkeys(instances, "InService"))

    def answer(_request: Request) -> Answer:
        with lock:
            clock.time += 2 / 8  # eight at a time
            return Answer(instance=dice.choice(instances))

    asked = {"header": "X-Instance-Id", "expected": instances[:6], "group": "web-blue-v001", "others": True}
    with route(answer) as candidate:
        prove_in(Run(client=lambda _service: groups, clock=clock), candidate.url, instances=asked)
    assert clock.time > 30
