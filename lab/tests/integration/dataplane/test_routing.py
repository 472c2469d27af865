# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests find their way by rules, weights and cookies."""

from collections import Counter
from contextlib import closing

import pytest

from .plane import LB_PORT, Plane, ask, forward
from .processes import SPEED


def test_weights_split_requests_and_each_group_takes_turns(shop: Plane) -> None:
    shop.forward({"blue": 70, "green": 30})
    shop.apply()
    by = Counter(answer.by for answer in shop.get_many(400))
    assert by["g1"] + by["g2"] == pytest.approx(120, abs=30)
    assert abs(by["b1"] - by["b2"]) <= 1
    assert abs(by["g1"] - by["g2"]) <= 1


def test_a_change_of_weights_holds_from_the_next_request_and_keeps_connections(shop: Plane) -> None:
    with closing(shop.connect()) as connection:
        assert ask(connection).by.startswith("b")
        socket = connection.sock
        shop.forward({"blue": 0, "green": 100})
        shop.apply()
        assert ask(connection).by.startswith("g")
        assert connection.sock is socket


def test_a_change_of_weights_leaves_health_alone(shop: Plane) -> None:
    before = len(shop.reports("blue", "b1"))
    shop.forward({"blue": 0, "green": 100})
    shop.apply()
    shop.get_many(5)
    assert len(shop.reports("blue", "b1")) == before


def test_weights_of_zero_everywhere_answer_503(shop: Plane) -> None:
    shop.forward({"blue": 0, "green": 0})
    shop.apply()
    answer = shop.get()
    assert answer.status == 503
    assert answer.headers["Server"] == "awselb/2.0"


def test_a_group_without_targets_answers_503(shop: Plane) -> None:
    shop.targets("blue")
    shop.apply()
    assert shop.get().status == 503


def test_rules_go_before_the_default(shop: Plane) -> None:
    canary = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Canary", "Values": ["yes"]}}
    shop.rule(10, forward({"green": 1}), canary)
    shop.rule(
        5,
        [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "418", "MessageBody": "short and stout"}}],
        {"Field": "path-pattern", "Values": ["/teapot"]},
    )
    shop.rule(
        6,
        [{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_302", "Path": "/new/#{path}"}}],
        {"Field": "path-pattern", "Values": ["/old*"]},
    )
    shop.apply()
    assert shop.get(X_Canary="yes").by.startswith("g")
    assert shop.get().by.startswith("b")
    teapot = shop.get("/teapot", X_Canary="yes")
    assert (teapot.status, teapot.body) == (418, b"short and stout")
    moved = shop.get("/old?x=1")
    assert moved.status == 302
    assert moved.headers["Location"] == f"http://{shop.host}:{LB_PORT}/new/old?x=1"


def test_a_client_sticks_to_its_group_and_gets_503_when_that_is_empty(shop: Plane) -> None:
    shop.forward({"blue": 100, "green": 0}, stickiness_seconds=600)
    shop.apply()
    cookies = shop.get().cookies
    assert cookies.startswith("AWSALBTG=")
    shop.forward({"blue": 0, "green": 100}, stickiness_seconds=600)
    shop.apply()
    assert {shop.get(Cookie=cookies).by for _request in range(4)} == {"b1", "b2"}
    assert shop.get().by.startswith("g")
    shop.targets("blue")
    shop.apply()
    assert shop.get(Cookie=cookies).status == 503
    shop.forward({"green": 100}, stickiness_seconds=600)
    shop.apply()
    assert shop.get(Cookie=cookies).by.startswith("g")


def test_stickiness_ends_with_its_time(shop: Plane) -> None:
    shop.forward({"blue": 100, "green": 0}, stickiness_seconds=5)
    shop.apply()
    cookies = shop.get().cookies
    shop.forward({"blue": 0, "green": 100}, stickiness_seconds=5)
    shop.apply()
    shop.pass_lab_seconds(6)
    assert shop.get(Cookie=cookies).by.startswith("g")


def test_a_client_sticks_to_its_target_until_that_drains(shop: Plane) -> None:
    shop.groups["blue"]["stickiness_seconds"] = 600
    shop.apply()
    first = shop.get()
    assert {shop.get(Cookie=first.cookies).by for _request in range(4)} == {first.by}
    other = "b2" if first.by == "b1" else "b1"
    shop.targets("blue", other)
    shop.apply()
    moved = shop.get(Cookie=first.cookies)
    assert moved.by == other
    assert shop.get(Cookie=moved.cookies).by == other


def test_a_client_sticks_to_its_target_while_it_has_the_cookie_of_the_application(shop: Plane) -> None:
    shop.groups["blue"] |= {"stickiness_seconds": 600, "stickiness_cookie": "SESSION"}
    shop.apply()
    assert shop.get().cookies == ""
    first = shop.get("/?cookie=SESSION")
    assert {shop.get(Cookie=first.cookies).by for _request in range(4)} == {first.by}
    (alone,) = [cookie for cookie in first.cookies.split("; ") if cookie.startswith("AWSALBAPP-0")]
    assert {shop.get(Cookie=alone).by for _request in range(4)} == {"b1", "b2"}


def test_a_target_that_joins_healthy_ones_starts_slowly(shop: Plane) -> None:
    shop.groups["blue"]["slow_start_seconds"] = 60 * SPEED
    shop.run("b3")
    shop.targets("blue", "b1", "b2", "b3")
    shop.apply()
    shop.wait_for_health("blue", "b3", "healthy")
    assert Counter(answer.by for answer in shop.get_many(90))["b3"] < 15
    shop.groups["blue"]["slow_start_seconds"] = 0
    shop.apply()
    assert Counter(answer.by for answer in shop.get_many(90))["b3"] == 30


def test_the_first_targets_of_a_group_do_not_start_slowly(shop: Plane) -> None:
    shop.run("y1", "y2")
    shop.group("yellow", "y1", "y2", slow_start_seconds=900)
    shop.forward({"yellow": 1})
    shop.apply_until_healthy()
    assert Counter(answer.by for answer in shop.get_many(20)) == {"y1": 10, "y2": 10}


def test_least_outstanding_requests_avoids_the_busy(shop: Plane) -> None:
    shop.groups["blue"]["algorithm"] = "least_outstanding_requests"
    shop.apply()
    with closing(shop.connect()) as slow:
        slow.request("GET", "/?sleep_ms=1500")
        quick = {answer.by for answer in shop.get_many(6)}
        busy = slow.getresponse().headers["X-Release"]
    assert quick == {"b1", "b2"} - {busy}


def test_a_listener_that_is_gone_refuses_connections(shop: Plane) -> None:
    shop.rules = []
    shop.apply()
    with pytest.raises(ConnectionRefusedError):
        shop.get()
