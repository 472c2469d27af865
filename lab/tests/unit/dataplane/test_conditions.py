# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule conditions match what an Application Load Balancer matches."""

from typing import Any

import pytest
from multidict import CIMultiDict

from switchyard_lab.dataplane.conditions import Request, compile_condition


def request(**given: Any) -> Request:
    described = {
        "method": "GET",
        "host": "shop.example.com",
        "path": "/",
        "query": "",
        "headers": CIMultiDict(),
        "source_ip": "127.0.0.1",
    }
    return Request(**(described | given))


def matches(raw: dict[str, Any], **given: Any) -> bool:
    return compile_condition(raw)(request(**given))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/img/*", "/img/a/b.png", True),
        ("/img/*", "/img", False),
        ("/img/*", "/IMG/a", False),
        ("/v?/x", "/v2/x", True),
        ("/v?/x", "/v10/x", False),
        ("/a.b", "/aXb", False),
        ("/[a]", "/[a]", True),
        ("*", "/anything", True),
    ],
)
def test_path_patterns_have_wildcards_and_case(pattern: str, path: str, expected: bool) -> None:
    assert matches({"Field": "path-pattern", "Values": [pattern]}, path=path) is expected


def test_both_spellings_of_a_condition_mean_the_same() -> None:
    for raw in (
        {"Field": "path-pattern", "Values": ["/a", "/b"]},
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a", "/b"]}},
    ):
        assert matches(raw, path="/b")
        assert not matches(raw, path="/c")


def test_hosts_match_in_any_case() -> None:
    condition = {"Field": "host-header", "HostHeaderConfig": {"Values": ["*.Example.com"]}}
    assert matches(condition, host="shop.example.com")
    assert not matches(condition, host="example.com")


def test_each_line_of_a_repeated_header_is_tried() -> None:
    condition = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Canary", "Values": ["Yes*"]}}
    assert matches(condition, headers=CIMultiDict([("x-canary", "no"), ("X-CANARY", "yes, please")]))
    assert not matches(condition, headers=CIMultiDict([("X-Canary", "no")]))
    assert not matches(condition)


def test_methods_match_exactly() -> None:
    condition = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET", "HEAD"]}}
    assert matches(condition, method="HEAD")
    assert not matches(condition, method="POST")


@pytest.mark.parametrize(
    ("pair", "query", "expected"),
    [
        ({"Key": "version", "Value": "v1"}, "a=b&version=V1", True),
        ({"Key": "version", "Value": "v1"}, "version=v2", False),
        ({"Key": "version", "Value": "v?"}, "version=v2", True),
        ({"Value": "*canary*"}, "x=the+canary+flies", True),
        ({"Key": "q", "Value": r"\*"}, "q=*", True),
        ({"Key": "q", "Value": r"\*"}, "q=x", False),
        ({"Key": "empty", "Value": "*"}, "empty=", True),
    ],
)
def test_query_strings(pair: dict[str, str], query: str, expected: bool) -> None:
    assert matches({"Field": "query-string", "QueryStringConfig": {"Values": [pair]}}, query=query) is expected


def test_source_addresses_are_of_the_connection() -> None:
    condition = {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8", "2001:db8::/32"]}}
    assert matches(condition, source_ip="10.1.2.3")
    assert not matches(condition, source_ip="11.1.2.3", headers=CIMultiDict({"X-Forwarded-For": "10.1.2.3"}))


def test_regular_expressions() -> None:
    condition = {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/user/[0-9]+$"]}}
    assert matches(condition, path="/user/42")
    assert not matches(condition, path="/user/me")
