# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests target groups have answered, and when the latest came."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.request_counts import (
    Requests,
    counted_group,
    request_queries,
)

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
GROUPS = [f"{ARN}:targetgroup/{name}/1" for name in ("blue", "green")]
FRONT, OTHER, NETWORK = (f"{ARN}:loadbalancer/{name}/1" for name in ("app/web", "app/other", "net/web"))
NOON, LATER = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 12, 5, tzinfo=UTC)


def test_requests_are_counted_for_each_target_group_behind_each_application_load_balancer_once() -> None:
    found = request_queries([FRONT, NETWORK, OTHER, FRONT], GROUPS)
    assert [counted_group(each["Id"], GROUPS) for each in found] == GROUPS * 2
    assert len({each["Id"] for each in found}) == 4
    assert found[0]["MetricStat"]["Metric"]["Dimensions"] == [
        {"Name": "LoadBalancer", "Value": "app/web/1"},
        {"Name": "TargetGroup", "Value": "targetgroup/blue/1"},
    ]


@pytest.mark.parametrize(
    ("values", "count", "last", "said"),
    [
        ([], 0, None, "no request came"),
        ([0, 0], 0, None, "no request came"),
        ([3, 0], 3, NOON, "the latest request came after 12:00 UTC"),
        ([3, 4], 7, LATER, "the latest request came after 12:05 UTC"),
    ],
)
def test_a_period_without_requests_counts_for_none(values: list[Any], count: int, last: datetime, said: str) -> None:
    results = [{"Id": "requests0_0", "Timestamps": [NOON, LATER][: len(values)], "Values": values}]
    found = Requests.read(results)
    assert (found, found.message()) == (Requests(count, last), said)
