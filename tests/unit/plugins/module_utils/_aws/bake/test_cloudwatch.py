# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics in several pages, and such that AWS could not compute at the first attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.bake.cloudwatch import get_metric_data
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.errors import AwsError
from botocore.session import Session
from botocore.stub import ANY, Stubber

NOW = datetime(2026, 11, 28, tzinfo=UTC)


class CloudWatch:
    """Answers 200 each time, with these codes for its one result in turn."""

    def __init__(self, *codes: str) -> None:
        self._codes = list(codes)

    def get_paginator(self, _operation: str) -> CloudWatch:
        return self

    def paginate(self, **_request: Any) -> Sequence[Mapping[str, Any]]:
        return [
            {"MetricDataResults": [{"Id": "a", "Label": "errors", "StatusCode": self._codes.pop(0), "Values": [1]}]}
        ]


def test_a_result_with_an_internal_error_is_asked_for_again() -> None:
    (result,) = get_metric_data(CloudWatch("InternalError", "InternalError", "Complete"), [], NOW, NOW)
    assert result["Values"] == [1]


@pytest.mark.parametrize("codes", [["InternalError"] * 3, ["Forbidden"]])
def test_a_result_that_stays_unreadable_is_an_error(codes: list[str]) -> None:
    with pytest.raises(AwsError, match="AWS did not show metric errors"):
        get_metric_data(CloudWatch(*codes), [], NOW, NOW)


def test_a_result_is_read_with_all_of_its_pages() -> None:
    client = Session().create_client("cloudwatch", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    asked = {"MetricDataQueries": [], "StartTime": ANY, "EndTime": ANY}
    part = {"Id": "a", "Label": "requests", "StatusCode": "PartialData", "Timestamps": [NOW]}
    with Stubber(client) as stub:
        stub.add_response(
            "get_metric_data", {"MetricDataResults": [{**part, "Values": [3.0]}], "NextToken": "more"}, asked
        )
        stub.add_response(
            "get_metric_data", {"MetricDataResults": [{**part, "Values": [4.0]}]}, {**asked, "NextToken": "more"}
        )
        results = get_metric_data(client, [], NOW, NOW)
        stub.assert_no_pending_responses()
    assert [result["Values"] for result in results] == [[3.0], [4.0]]


def test_an_expression_that_gives_several_time_series_is_an_error() -> None:
    """Each of them has a label of its own, and the same id."""

    class Searched(CloudWatch):
        def paginate(self, **_request: Any) -> Sequence[Mapping[str, Any]]:
            results = [{"Id": "a", "Label": label, "StatusCode": "Complete"} for label in ("i-1", "i-2")]
            return [{"MetricDataResults": [result]} for result in results]

    asked = {"Id": "a", "Expression": "SEARCH('{CWAgent,InstanceId} cpu', 'Average')"}
    with pytest.raises(AwsError, match=r"^Expression SEARCH.* gives 2 time series\. Combine them"):
        get_metric_data(Searched(), [asked], NOW, NOW)
