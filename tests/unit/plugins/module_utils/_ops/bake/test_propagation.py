# SPDX-License-Identifier: GPL-3.0-or-later
"""A bake that waits until the requests follow the weights."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.plugins.module_utils._core.traffic.routes import forwarding

from .watched import ARN, Aws

ROUTE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef"


class Unshifted(Aws):
    """The route has new weights, and stable had traffic before; nothing is counted of the time since."""

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if "MetricDataQueries" in asked:
            at = datetime.fromtimestamp(self.clock.now() - 60, UTC)
            found = {"StatusCode": "Complete", "Timestamps": [at], "Values": [100.0]}
            yield {"MetricDataResults": [{"Id": query["Id"], **found} for query in asked["MetricDataQueries"]]}
        else:
            yield from super().paginate(**asked)

    def describe_listeners(self, ListenerArns: Sequence[str]) -> dict[str, Any]:  # noqa: N803
        actions = forwarding({ARN: 50, ARN.replace("green", "blue"): 50})
        return {"Listeners": [{"ListenerArn": arn, "DefaultActions": actions} for arn in ListenerArns]}


@pytest.mark.parametrize(("timeout", "looks"), [(0, 1), (20, 9)])
def test_without_a_pause_there_is_no_second_look(monkeypatch: pytest.MonkeyPatch, timeout: int, looks: int) -> None:
    monkeypatch.setattr(random, "uniform", lambda least, _most: least)  # the shortest pauses
    world = Unshifted(lambda _: "OK", lambda _: 2)
    result = world.bake(0, alarms=["a"], routes=[ROUTE], propagation_timeout=timeout)
    assert (result["verdict"], result["seconds"]) == ("pass", timeout)
    assert len(world.batches) == looks, "metrics show nothing new at once"


class Denied(Unshifted):
    """A call is refused the first ``times``."""

    def __init__(self, call: str, times: int) -> None:
        super().__init__(lambda _: "OK", lambda _: 2)
        self._call, self._left = call, times
        self.made: list[str] = []

    def _may(self, call: str) -> None:
        self.made.append(call)
        if call == self._call and self._left:
            self._left -= 1
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, call)

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if "MetricDataQueries" in asked:
            self._may("GetMetricData")
        return super().paginate(**asked)

    def describe_listeners(self, ListenerArns: Sequence[str]) -> dict[str, Any]:  # noqa: N803
        self._may("DescribeListeners")
        return super().describe_listeners(ListenerArns)


@pytest.mark.parametrize("call", ["GetMetricData", "DescribeListeners"])
@pytest.mark.parametrize("timeout", [0, 20])
def test_one_unread_look_at_the_requests_is_no_doubt(call: str, timeout: int) -> None:
    result = Denied(call, 1).bake(10, routes=[ROUTE], propagation_timeout=timeout)
    assert (result["verdict"], result["reasons"]) == ("pass", [])


@pytest.mark.parametrize(("seconds", "timeout"), [(0, 0), (10, 0), (0, 10)])
def test_a_bake_that_takes_no_time_asks_for_no_requests(seconds: int, timeout: int) -> None:
    world = Denied("GetMetricData", 0)
    result = world.bake(seconds, routes=[ROUTE], candidate={"target_group": ARN}, propagation_timeout=timeout)
    asked = ["DescribeListeners", "GetMetricData"] if seconds or timeout else []
    assert (result["verdict"], list(dict.fromkeys(world.made))) == ("pass", asked)
    assert ("requests not yet counted" in result["msg"]) == bool(asked)


@pytest.mark.parametrize("call", ["GetMetricData", "DescribeListeners"])
def test_requests_that_cannot_be_read_are_not_waited_for(call: str) -> None:
    result = Denied(call, 1000).bake(0, routes=[ROUTE], candidate={"target_group": ARN}, propagation_timeout=300)
    assert (result["verdict"], result["seconds"]) == ("inconclusive", 1)
    assert f"not you ({call}: AccessDenied)." in result["msg"]
    assert "requests could not be read" in result["msg"]
