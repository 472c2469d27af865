# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.expectations import (
    Check,
    Identity,
    find_failures,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.replies import Mark, Reply

CANDIDATE = Identity("1.1.0", Mark(header="X-Release"), ["i-1", "i-2"], Mark(header="X-Instance-Id"))
ANYBODY = Identity()
GIVEN: dict[str, Any] = {
    "name": None,
    "path": "/",
    "method": "get",
    "headers": {"X-Number": 1},
    "body": None,
    "status": [200],
    "body_pattern": None,
    "json": None,
    "max_ms": None,
    "repetitions": 1,
}


def answer(status: int = 200, release: str = "1.1.0", instance: str = "i-1", **others: Any) -> Reply:
    return Reply(5.0, status, {"x-release": release, "x-instance-id": instance}, **others)


@pytest.mark.parametrize(
    ("check", "reply", "said"),
    [
        pytest.param(
            Check(statuses=[200], name="home"),
            answer(500, body="oops"),
            'home (GET /): expected status 200, got 500 with body "oops".',
            id="status",
        ),
        pytest.param(
            Check(statuses=[200, 204]),
            answer(404),
            "GET /: expected status 200 or 204, got 404 with an empty body.",
            id="statuses",
        ),
        pytest.param(
            Check(body_pattern=re.compile("^ok")),
            answer(body="not ok"),
            'GET /: expected a body that matches ^ok, got status 200 with body "not ok".',
            id="pattern",
        ),
        pytest.param(
            Check(json={"a.b": True}),
            answer(body='{"a": {"b": "yes"}}'),
            'GET /: expected JSON value a.b to be true, got "yes".',
            id="json value",
        ),
        pytest.param(
            Check(json={"a": 1}),
            answer(body="<html>"),
            'GET /: expected JSON value a to be 1, got a body that is not JSON with body "<html>".',
            id="no json",
        ),
        pytest.param(
            Check(max_ms=4), answer(), "GET /: expected an answer within 4 ms, got it after 5 ms.", id="too slow"
        ),
        pytest.param(
            Check(path="/x", method="POST", statuses=[200], max_ms=1),
            Reply(9.0, error="Connection refused"),
            "POST /x: expected an answer, got none: Connection refused.",
            id="no answer, said once",
        ),
        pytest.param(
            Check(),
            answer(release="1.0.0"),
            "GET /: expected release 1.1.0 in header X-Release, got 1.0.0.",
            id="another release",
        ),
        pytest.param(
            Check(),
            Reply(5.0, 503, {"x-release": "1.1.0"}),
            "GET /: expected an instance in header X-Instance-Id, got none (status 503 with an empty body).",
            id="no instance",
        ),
    ],
)
def test_what_is_not_as_expected_is_a_sentence(check: Check, reply: Reply, said: str) -> None:
    assert find_failures(check, CANDIDATE, [reply]) == [said]


def test_nothing_is_found_in_an_answer_that_is_as_expected() -> None:
    check = Check(statuses=[200], body_pattern=re.compile("ok"), json={"state": "ok"}, max_ms=5)
    assert find_failures(check, CANDIDATE, [answer(body='{"state": "ok"}')]) == []


def test_each_failed_expectation_is_told_once_with_how_often() -> None:
    replies = [answer(), answer(500, body="a"), answer(502, release="1.0.0"), Reply(1.0, error="timed out")]
    assert find_failures(Check(statuses=[200]), CANDIDATE, replies) == [
        "GET /: expected an answer, got none: timed out (1 of 4 requests).",
        'GET /: expected status 200, got 500 with body "a" (2 of 4 requests).',
        "GET /: expected release 1.1.0 in header X-Release, got 1.0.0 (1 of 4 requests).",
    ]


def test_instances_that_are_not_expected_and_those_that_are_silent() -> None:
    seen = CANDIDATE.seen([answer(instance="i-1"), answer(instance="i-9"), answer(instance="i-1"), Reply(1.0, 503)])
    assert seen == ["i-1", "i-9"]
    assert CANDIDATE.silent(seen) == ["i-2"]
    assert CANDIDATE.find_strangers(seen) == ["Instance i-9 answered, which is not one of the expected: i-1, i-2."]


@pytest.mark.parametrize(
    ("identity", "reply", "reported"),
    [
        (CANDIDATE, answer(500), True),
        (CANDIDATE, answer(release="1.0.0"), False),
        (CANDIDATE, Reply(1.0, 503), False),
        (CANDIDATE, Reply(1.0, error="refused"), False),
        (ANYBODY, Reply(1.0, 503), True),
        (ANYBODY, Reply(1.0, error="refused"), False),
    ],
)
def test_an_answer_tells_whether_it_is_the_candidates(identity: Identity, reply: Reply, reported: bool) -> None:
    assert identity.is_confirmed_by(reply) is reported


def test_a_check_is_read_from_options() -> None:
    check = Check.parse(GIVEN | {"name": "n", "body_pattern": "a.c", "json": {"a": 1}})
    assert (check.method, check.headers, check.statuses) == ("GET", {"X-Number": "1"}, [200])
    assert str(check) == "n (GET /)"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"body_pattern": "("}, r"body_pattern \( is not a regular expression"),
        ({"repetitions": 0}, "1 or more; given: 0"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        Check.parse(GIVEN | given)
