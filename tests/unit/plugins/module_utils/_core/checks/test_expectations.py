# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.expectations import (
    CandidateIdentity,
    Check,
    find_failures,
    judge,
    seen,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.replies import AnswerMark, Reply
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.sent import Sent

CANDIDATE = CandidateIdentity(
    "1.1.0", AnswerMark(header="X-Release"), ["i-1", "i-2"], AnswerMark(header="X-Instance-Id")
)
ANYBODY = CandidateIdentity()
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
    "max_body_bytes": 1000,
    "repetitions": 1,
}


def answer(status: int = 200, release: str = "1.1.0", instance: str = "i-1", **others: Any) -> Reply:
    return Reply(5.0, status, {"x-release": release, "x-instance-id": instance}, **others)


def failures(check: Check, *replies: Reply) -> list[str]:
    return find_failures(check, [judge(check, CANDIDATE, reply) for reply in replies])


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
    assert failures(check, reply) == [said]


def test_nothing_is_found_in_an_answer_that_is_as_expected() -> None:
    check = Check(statuses=[200], body_pattern=re.compile("ok"), json={"state": "ok"}, max_ms=5)
    assert failures(check, answer(body='{"state": "ok"}')) == []


def test_each_failed_expectation_is_told_once_with_how_often() -> None:
    replies = [answer(), answer(500, body="a"), answer(502, release="1.0.0"), Reply(1.0, error="timed out")]
    assert failures(Check(statuses=[200]), *replies) == [
        "GET /: expected an answer, got none: timed out (1 of 4 requests).",
        'GET /: expected status 200, got 500 with body "a" (2 of 4 requests).',
        "GET /: expected release 1.1.0 in header X-Release, got 1.0.0 (1 of 4 requests).",
    ]


def test_instances_that_are_not_expected_and_those_that_are_silent() -> None:
    replies = [answer(instance="i-1"), answer(instance="i-9"), answer(instance="i-1"), Reply(1.0, 503)]
    answered = seen(judge(Check(), CANDIDATE, reply) for reply in replies)
    assert answered == ["i-1", "i-9"]
    assert CANDIDATE.silent(answered) == ["i-2"]
    assert CANDIDATE.find_strangers(answered) == ["Instance i-9 answered, which is not one of the expected: i-1, i-2."]


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
def test_an_answer_tells_whether_it_is_the_candidates(
    identity: CandidateIdentity, reply: Reply, reported: bool
) -> None:
    assert judge(Check(statuses=[200]), identity, reply).confirmed is reported


def test_a_check_is_read_from_options() -> None:
    check = Check.parse(GIVEN | {"name": "n", "body_pattern": "a.c", "json": {"a": 1}})
    assert (check.method, check.headers, check.statuses) == ("GET", {"X-Number": "1"}, [200])
    assert str(check) == "n (GET /)"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"body_pattern": "("}, r"body_pattern \( is not a regular expression"),
        ({"body_pattern": "(" * 5000 + ")" * 5000}, "is not a regular expression"),
        ({"body_pattern": "a{99999999999999}"}, "is not a regular expression"),
        ({"repetitions": 0}, "1 or more, and at most 10000; given: 0"),
        ({"repetitions": 10_001}, "at most 10000; given: 10001"),
        ({"max_body_bytes": 0}, "max_body_bytes is 1 or more"),
        ({"method": "GET / HTTP/1.1\r\nX: y"}, "method is not the name of an HTTP method"),
        ({"path": "/größe"}, r"path: It has blanks or characters that are not ASCII. Encode them, as in %20"),
        ({"path": "/a b"}, "path: It has blanks"),
        ({"path": "/a#b"}, "path: It has a part after #"),
        ({"body": "\ud800"}, "body has characters that UTF-8 cannot carry"),
        ({"headers": {"Authorization: Bearer s3cr3t": ""}}, "headers: A name in it is not that of a header"),
        ({"headers": {"Authorization": "Bearer s3cr3t\n"}}, "The value of Authorization has a line break"),
        ({"headers": {"X-Token": "s3cr3t €"}}, "The value of X-Token has a line break or a character"),
        ({"headers": {"X-Token": ["s3cr3t"]}}, "The value of X-Token is not text"),
        ({"headers": {"X-Candidate": True}}, "Write it in quotes"),
        ({"headers": {"X-Version": 1.1}}, "Write it in quotes"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BluegreenError, match=said) as refused:
        Check.parse(GIVEN | given)
    assert "s3cr3t" not in str(refused.value)


SENT = Sent(
    "https://shop.example.com/orders?token=q%2Fs3cr3t&page=1",
    {"Authorization": "Basic Ym9iOmh1bnRlcjI=", "Cookie": "session=c00k1e; theme=dark", "Content-Type": "text/plain"},
    '{"password": "b0dy-s3cr3t", "pin": 4711}',
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no user for Basic Ym9iOmh1bnRlcjI=", "no user for ***"),
        ("hunter2 is not the password of bob", "*** is not the password of bob"),
        ("/orders?token=q%2Fs3cr3t&page=1 is q/s3cr3t", "/orders?*** is ***"),
        ("session c00k1e is over", "*** *** is over"),
        ('{"password": "b0dy-s3cr3t", "pin": 4711}', '{"password": "***", "pin": ***}'),
        ("text/plain; nothing", "text/plain; nothing"),
    ],
)
def test_a_finding_repeats_nothing_that_was_sent(text: str, shown: str) -> None:
    assert SENT.hide(text) == shown
    check = Check("/orders?token=q%2Fs3cr3t", statuses=[200])
    (said,) = find_failures(check, [judge(check, ANYBODY, Reply(1.0, 401, body=text, sent=SENT))])
    assert said == f'GET /orders?***: expected status 200, got 401 with body "{shown}".'


def test_neither_a_value_nor_a_mark_repeats_it() -> None:
    identity = CandidateIdentity("1.0", AnswerMark(header="X-Release"))
    check = Check(json={"you": "bob"})
    reply = Reply(1.0, 200, {"x-release": "hunter2"}, '{"you": {"said": "b0dy-s3cr3t"}}', sent=SENT)
    assert find_failures(check, [judge(check, identity, reply)]) == [
        'GET /: expected JSON value you to be "bob", got {"said": "***"}.',
        "GET /: expected release 1.0 in header X-Release, got ***.",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[" * 100_000, "a body whose JSON is nested too deeply"),
        ('{"a": ' * 100_000, "a body whose JSON is nested too deeply"),
        ("9" * 5000, "a body that is not JSON"),
        ('{"a": "' + "x" * 500 + '"}', 'got "' + "x" * 199 + "…."),
    ],
)
def test_json_that_python_does_not_read(body: str, said: str) -> None:
    (found,) = failures(Check(json={"a": 1}), answer(body=body))
    assert said in found
    assert len(found) < 400
