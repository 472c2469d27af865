# SPDX-License-Identifier: GPL-3.0-or-later
"""What http_check finds, and whom it has asked."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from threading import Lock
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws

from tests.unit.clock import FakeClock

from ..base.beats import Lost, Pulse
from .proving import INSTANCES, RELEASE, Answer, Request, Route, in_turn, prove, prove_in, route


def test_a_good_candidate_passes_with_its_numbers() -> None:
    with route(in_turn) as candidate:
        result = prove(candidate.url, checks=[{"path": "/a", "repetitions": 9}], release=RELEASE, instances=INSTANCES)
    assert result["findings"] == []
    assert result["instances"] == ["i-1", "i-2", "i-3"]
    assert result["requests"] == len(candidate.requests) == 12  # three of them to see the route settled
    assert 0 < result["latency"]["p50"] <= result["latency"]["p95"] <= result["latency"]["max"]
    assert result["changed"] is False
    assert "3 instances answered" in result["msg"]


def test_checks_send_what_they_were_given() -> None:
    with route(in_turn) as candidate:
        prove(
            f"{candidate.url}/base/",
            headers={"X-Test": "candidate", "X-Kind": "all"},
            checks=[{"method": "post", "path": "/orders?x=1", "body": {"a": 1}, "headers": {"X-Kind": "one"}}],
        )
    sent = next(request for request in candidate.requests if request.method == "POST")
    assert (sent.path, json.loads(sent.body)) == ("/base/orders?x=1", {"a": 1})
    assert (sent.headers["X-Test"], sent.headers["X-Kind"]) == ("candidate", "one")


def test_all_findings_come_in_one_message() -> None:
    def broken(request: Request) -> Answer:
        return Answer(500 if request.path == "/bad" else 200, body="{}")

    with route(broken) as candidate, pytest.raises(BluegreenError) as failure:
        prove(candidate.url, checks=[{"path": "/bad", "repetitions": 2}, {"path": "/good", "json": {"state": "ok"}}])
    assert failure.value.facts["findings"] == [
        'GET /bad: expected status 200, got 500 with body "{}" (2 of 2 requests).',
        'GET /good: expected JSON value state to be "ok", got nothing there with body "{}".',
    ]
    assert all(finding in str(failure.value) for finding in failure.value.facts["findings"])
    assert {"requests", "instances", "latency"} <= set(failure.value.facts)


def test_a_check_that_fails_once_has_failed() -> None:
    with (
        route(lambda request: Answer(500 if request.number == 7 else 200)) as candidate,
        pytest.raises(BluegreenError, match=r"got 500 .*\(1 of 10 requests\)"),
    ):
        prove(candidate.url, checks=[{"repetitions": 10}])


def test_redirects_are_answers() -> None:
    with route(lambda _request: Answer(302, headers={"Location": "/elsewhere"})) as candidate:
        prove(candidate.url, checks=[{"status": 302}])
    assert {request.path for request in candidate.requests} == {"/"}


def test_checks_begin_when_the_route_has_settled_on_the_candidate() -> None:
    def old_at_first(request: Request) -> Answer:
        return Answer(release="1.0.0" if request.number < 10 else "1.1.0")

    clock = FakeClock()
    with route(old_at_first) as candidate:
        result = prove(candidate.url, clock=clock, checks=[{"path": "/a"}], release=RELEASE)
    assert result["findings"] == []
    assert 0 < clock.time < 30


def test_a_route_that_never_leads_to_the_candidate_is_told_in_time() -> None:
    clock = FakeClock()
    with route(lambda _request: Answer(release="1.0.0")) as old, pytest.raises(BluegreenError) as failure:
        prove(old.url, clock=clock, checks=[{"path": "/orders", "method": "POST"}], release=RELEASE, settle_seconds=20)
    assert "The candidate did not answer within 20 s." in str(failure.value)
    assert "expected release 1.1.0 in header X-Release, got 1.0.0" in str(failure.value)
    assert clock.time == pytest.approx(20, abs=0.1)
    assert not [request for request in old.requests if request.method == "POST"]


def test_nothing_listens() -> None:
    with route(in_turn) as gone:
        pass
    with pytest.raises(BluegreenError, match="Connection refused"):
        prove(gone.url, checks=[{}], settle_seconds=1)


def test_instances_that_the_checks_did_not_reach_are_asked_for() -> None:
    def seldom_third(request: Request) -> Answer:
        return Answer(instance="i-3" if request.number == 11 else f"i-{request.number % 2 + 1}")

    with route(seldom_third) as candidate:
        result = prove(candidate.url, checks=[{"path": "/a"}], instances=INSTANCES)
    assert result["instances"] == ["i-1", "i-2", "i-3"]
    assert {request.path for request in candidate.requests} == {"/a"}


def test_an_instance_that_never_answers_is_named() -> None:
    clock = FakeClock()
    with (
        route(in_turn_of_two) as candidate,
        pytest.raises(BluegreenError, match=r"No answer came from i-3 in \d+ requests"),
    ):
        prove(candidate.url, clock=clock, checks=[{}], instances=INSTANCES, coverage_timeout=15)
    assert clock.time == pytest.approx(15, abs=0.1)


def test_an_instance_that_should_not_answer_is_named() -> None:
    expected = {"header": "X-Instance-Id", "expected": ["i-1", "i-2"]}
    with route(in_turn) as candidate, pytest.raises(BluegreenError, match="Instance i-3 answered, which is not one"):
        prove(candidate.url, checks=[{"repetitions": 6}], instances=expected)


def test_where_others_may_answer_the_expected_must_all_the_same() -> None:
    expected = {"header": "X-Instance-Id", "expected": ["i-1", "i-2"], "others": True}
    with route(in_turn) as candidate:
        assert prove(candidate.url, checks=[{}], instances=expected)["instances"] == ["i-1", "i-2", "i-3"]


def test_what_may_have_effects_is_not_asked_again_for_coverage() -> None:
    with route(in_turn) as candidate:
        prove(candidate.url, checks=[{"method": "POST", "path": "/orders"}], instances=INSTANCES)
    assert [request.path for request in candidate.requests if request.method == "POST"] == ["/orders"]


def test_what_no_wait_mends_is_not_waited_for() -> None:
    clock = FakeClock()
    with (
        route(in_turn) as candidate,
        pytest.raises(
            BluegreenError, match=r"GET /: expected an answer, got none: TLS failed \(.*\) \(3 of 3 requests\)"
        ),
    ):
        prove(candidate.url.replace("http://", "https://"), clock=clock, checks=[{}])
    assert clock.time == 0


def test_neither_findings_nor_results_have_what_was_sent() -> None:
    def refusing(request: Request) -> Answer:
        return Answer(401, body=f"{request.path} {request.headers['Authorization']} {request.body}")

    with route(refusing) as candidate, pytest.raises(BluegreenError) as failure:
        prove(
            candidate.url,
            headers={"Authorization": "Bearer t0ken-s3cr3t"},
            checks=[{"path": "/a?key=query-s3cr3t"}, {"method": "POST", "body": {"password": "body-s3cr3t"}}],
        )
    assert 'with body "/a?*** *** "' in str(failure.value)
    assert "s3cr3t" not in f"{failure.value} {failure.value.facts}"


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


def in_turn_of_two(request: Request) -> Answer:
    return Answer(instance=f"i-{request.number % 2 + 1}")


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


def test_no_more_is_asked_than_it_takes_to_reach_every_instance() -> None:
    with route(in_turn) as candidate:
        assert prove(candidate.url, instances=INSTANCES)["requests"] == 3 + 8


def longest_pause(times: list[float], end: float) -> float:
    return max(later - earlier for earlier, later in pairwise([0, *times, end]))


@contextmanager
def slow_route(clock: FakeClock, seconds: float) -> Iterator[Route]:
    lock = Lock()

    def slow(_request: Request) -> Answer:
        with lock:
            clock.time += seconds
        return Answer()

    with route(slow) as slow_candidate:
        yield slow_candidate


@pytest.mark.parametrize(
    ("checks", "seconds", "said"),
    [
        ([{"path": "/a?key=s3cr3t"}] * 40, 5, "checking GET /a?***: 1 of 1 requests are answered"),
        ([{"path": "/slow", "repetitions": 100}], 1, "checking GET /slow: 32 of 100 requests are answered"),
    ],
    ids=["many checks", "many repetitions"],
)
def test_checks_that_take_long_keep_the_lease_and_report_progress(
    checks: list[dict[str, Any]], seconds: float, said: str
) -> None:
    clock, read = FakeClock(), list[tuple[float, str]]()
    run = Run(client=no_aws, clock=clock, report=lambda sentence: read.append((clock.time, sentence)))
    pulse = Pulse(clock, 15)
    run.keep(pulse)
    with slow_route(clock, seconds) as candidate:
        prove_in(run, candidate.url, checks=checks)
    assert longest_pause(pulse.times, clock.time) < 15 + 2 * 8
    assert longest_pause([time for time, _sentence in read], clock.time) < 30 + 2 * 8
    assert said in read[0][1]
    assert "s3cr3t" not in str(read)


def test_a_run_that_has_lost_its_lease_sends_no_more_checks() -> None:
    clock = FakeClock()
    run = Run(client=no_aws, clock=clock)
    run.keep(Lost(clock, 15))
    with slow_route(clock, 1) as candidate, pytest.raises(BluegreenError, match="taken"):
        prove_in(run, candidate.url, checks=[{"method": "POST", "repetitions": 100}])
    assert len(candidate.requests) < 30
