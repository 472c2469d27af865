# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.conditions import (
    check_values,
    plain_host,
    resent,
    same,
    with_header,
)

Condition = dict[str, Any]

HOST: Condition = {"Field": "host-header", "HostHeaderConfig": {"Values": ["*.example.com", "example.com"]}}
TOLD_HOST: Condition = {**HOST, "Values": ["*.example.com", "example.com"]}
PATH: Condition = {"Field": "path-pattern", "Values": ["/shop/*"]}
QUERY: Condition = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "a", "Value": "1"}]}}
HEADER: Condition = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Candidate", "Values": ["yes"]}}


@pytest.mark.parametrize(("reported", "taken"), [(TOLD_HOST, HOST), (HOST, HOST), (PATH, PATH), (QUERY, QUERY)])
def test_a_condition_is_sent_back_in_one_place(reported: Condition, taken: Condition) -> None:
    assert resent(reported) == taken


def test_the_header_is_asked_for_besides() -> None:
    assert with_header([TOLD_HOST], "X-Candidate", "yes") == [HOST, HEADER]


def test_spelling_and_order_do_not_matter() -> None:
    config: Condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/shop/*"]}}
    header: Condition = {**HEADER, "HttpHeaderConfig": {"HttpHeaderName": "x-candidate", "Values": ["yes"]}}
    assert same([TOLD_HOST, PATH, HEADER], [header, config, HOST])


@pytest.mark.parametrize(
    "other",
    [
        [HOST],
        [HOST, HEADER, PATH],
        [HOST, {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Candidate", "Values": ["no"]}}],
        [HOST, {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Other", "Values": ["yes"]}}],
    ],
)
def test_what_is_asked_for_does(other: list[Condition]) -> None:
    assert not same([HOST, HEADER], other)


def test_a_host_without_wildcards_can_be_asked() -> None:
    assert plain_host([PATH, TOLD_HOST]) == "example.com"
    assert plain_host([PATH]) is None


def test_more_values_than_aws_allows_are_refused() -> None:
    many: Condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a", "/b", "/c", "/d"]}}
    check_values(with_header([many], "X-Candidate", "yes"))
    with pytest.raises(BluegreenError, match="7 condition values"):
        check_values(with_header([many, HOST], "X-Candidate", "yes"))
