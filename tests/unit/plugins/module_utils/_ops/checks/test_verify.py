# SPDX-License-Identifier: GPL-3.0-or-later
"""What http_check finds, and whom it has asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from threading import Lock
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws

from tests.unit.clock import FakeClock

from ..base.beats import Lost, Pulse
from .proving import INSTANCES, RELEASE, Answer, Request, Route, in_turn, in_turn_of_two, prove, prove_in, route


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
