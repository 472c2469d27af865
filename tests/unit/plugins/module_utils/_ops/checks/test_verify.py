# SPDX-License-Identifier: GPL-3.0-or-later
"""http_check against a route of its own, whose answers the test gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.checks.verify import CheckingOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.checks.verify import http_check

from tests.unit.clock import FakeClock

RELEASE = {"header": "X-Release", "value": "1.1.0"}
INSTANCES = {"header": "X-Instance-Id", "expected": ["i-1", "i-2", "i-3"]}


@dataclass(frozen=True)
class Request:
    """``number`` counts the requests of the route from 0."""

    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    status: int = 200
    release: str = "1.1.0"
    instance: str = "i-1"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Route:
    url: str
    requests: list[Request]


@contextmanager
def route(answer: Callable[[Request], Answer]) -> Iterator[Route]:
    numbers, lock, requests = count(), Lock(), []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            with lock:
                request = Request(next(numbers), self.command, self.path, dict(self.headers), body)
                requests.append(request)
            said = answer(request)
            self.send_response(said.status)
            marks = {"X-Release": said.release, "X-Instance-Id": said.instance, "Content-Length": str(len(said.body))}
            for name, value in (marks | dict(said.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body.encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 64  # the requests of a check come side by side

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Route(f"http://127.0.0.1:{server.server_port}", requests)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def prove(url: str, *, check_mode: bool = False, clock: FakeClock | None = None, **options: Any) -> dict[str, Any]:
    validated = ArgumentSpecValidator(CheckingOptions.argument_spec()).validate({"url": url, **options})
    assert not validated.error_messages
    run = Run(client=no_aws, check_mode=check_mode, clock=clock or FakeClock())
    return http_check(CheckingOptions.read(validated.validated_parameters), run)


def in_turn(request: Request) -> Answer:
    return Answer(instance=f"i-{request.number % 3 + 1}")


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
        route(lambda request: Answer(instance=f"i-{request.number % 2 + 1}")) as candidate,
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


def test_check_mode_makes_no_request() -> None:
    with route(in_turn) as candidate:
        result = prove(candidate.url, check_mode=True, checks=[{}], release=RELEASE, instances=INSTANCES)
    assert candidate.requests == []
    assert (result["requests"], result["latency"]["max"]) == (0, None)
    assert "No request" in result["msg"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/hostname", "url: It must begin with http:// or https:// and a host."),
        ("lb.example.com", "url: It must begin with http"),
        ("http://", "url: It must begin with http"),
        ("http://:80", "url: It must begin with http"),
        ("http://lb.example.com:port", "url: It has a malformed host or port."),
        ("http://lb.example.com:99999", "url: It has a malformed host or port."),
        ("http://lb.example.com:0", "url: Its port is not a number from 1 to 65535."),
        ("http://lb..example.com", "url: It has a malformed host or port."),
        (f"http://{'a' * 64}.example.com", "url: It has a malformed host or port."),
        ("http://[::1", "url: It has a malformed host or port."),
        ("http://[fe80::1%25eth0]:8001", "url: It has an IPv6 address with a zone"),
        ("http://bücher.example", "url: It has blanks or characters that are not ASCII."),
        ("http://lb.example.com/größe", "url: It has blanks or characters that are not ASCII."),
        ("http://lb example.com", "url: It has blanks"),
        ("http://lb.example.com\\n", "url: It has a malformed host or port."),
        ("http://lb.example.com\0", "url: It has blanks"),
        ("https://kim:s3cr3t@lb.example.com", "url: It has a user name or a password in it."),
        ("https://lb.example.com?token=s3cr3t", "url: It has a query."),
        ("https://lb.example.com#s3cr3t", "url: It has a part after #"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_url_that_is_none_is_refused_before_any_request(url: str, said: str, check_mode: bool) -> None:
    with pytest.raises(BluegreenError) as refused:
        prove(url, check_mode=check_mode)
    assert str(refused.value).startswith(said)
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a", "https://[::1]:8443", "https://xn--bcher-kva.example/%20"])
def test_a_url_that_is_one(url: str) -> None:
    assert prove(url, check_mode=True)["requests"] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"checks": [{}, {"path": "/a b"}]}, "Check 2: path: It has blanks"),
        ({"headers": {"X-A": "a\nb"}}, "headers: The value of X-A has a line break"),
        ({"timeout": 0}, "timeout is more than 0 and at most 3600 seconds."),
        ({"timeout": "nan"}, "timeout is more than 0"),
        ({"timeout": 1e300}, "timeout is more than 0"),
        ({"ca_path": "/nowhere"}, "ca_path /nowhere cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_requested_is_refused_in_check_mode_as_well(options: dict[str, Any], said: str) -> None:
    with pytest.raises(BluegreenError, match=f"^{said}"):
        prove("http://127.0.0.1:9", check_mode=True, **options)


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
    """Stands for the client of Auto Scaling. One of four instances is on its way out."""

    def get_paginator(self, _operation: str) -> Groups:
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        states = {"i-1": "InService", "i-2": "InService", "i-3": "Pending", "i-4": "Terminating:Wait"}
        instances = [
            {"InstanceId": each, "LifecycleState": its, "HealthStatus": "Healthy"} for each, its in states.items()
        ]
        group = {
            "AutoScalingGroupName": asked["AutoScalingGroupNames"][0],
            "DesiredCapacity": 3,
            "Instances": instances,
        }
        return [{"AutoScalingGroups": [{**group, "CreatedTime": 0, "HealthCheckType": "EC2"}]}]


def test_an_instance_that_leaves_its_group_need_not_answer() -> None:
    options = CheckingOptions.read({"url": "", "instances": {"header": "X-Instance-Id", "group": "web-green-v002"}})
    with route(in_turn) as candidate:
        result = http_check(
            replace(options, url=candidate.url), Run(client=lambda _service: Groups(), clock=FakeClock())
        )
    assert result["instances"] == ["i-1", "i-2", "i-3"]
