# SPDX-License-Identifier: GPL-3.0-or-later
"""What http_check refuses before it makes any request."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError

from .proving import INSTANCES, RELEASE, in_turn, prove, route


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
