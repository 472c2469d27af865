# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane reports what CloudWatch would know of its load balancer."""

import pytest

from .plane import Plane


def test_traffic_is_counted_by_group_and_errors_only_where_they_are(shop: Plane) -> None:
    shop.run("bad", error_percent=100)
    shop.targets("green", "bad")
    shop.forward({"blue": 50, "green": 50})
    shop.apply_until_healthy()
    statuses = [answer.status for answer in shop.get_many(40)]
    shop.wait_for_metric("RequestCount", 40)
    assert (
        shop.metric("RequestCount", "blue") == shop.metric("HTTPCode_Target_2XX_Count", "blue") == statuses.count(200)
    )
    assert shop.metric("HTTPCode_Target_5XX_Count", "green") == statuses.count(500) > 0
    assert shop.metric("HTTPCode_ELB_5XX_Count") == 0
    names = {row[2] for message in shop.metrics() for row in message["counts"] if row[1] == "blue"}
    assert names == {"RequestCount", "HTTPCode_Target_2XX_Count"}


def test_response_times_are_of_the_target(shop: Plane) -> None:
    shop.get("/?sleep_ms=200")
    shop.wait_for_metric("RequestCount", 1)
    rows = [row for message in shop.metrics() for row in message["latency"]]
    assert {tuple(row[:3]) for row in rows} == {(shop.load_balancer, None, 1), (shop.load_balancer, "blue", 1)}
    for _lb, _group, _count, total, shortest, longest, ((value, often),) in rows:
        assert 0.2 <= total == shortest == longest < 2
        assert (value, often) == (float(f"{total:.2g}"), 1)


def test_health_counts_need_no_traffic(shop: Plane) -> None:
    shop.behave("b1", health="fail")
    shop.wait_for_health("blue", "b1", "unhealthy")
    expected = [
        [shop.load_balancer, "blue", "HealthyHostCount", 1],
        [shop.load_balancer, "blue", "UnHealthyHostCount", 1],
    ]
    shop.wait(lambda message: message["op"] == "metrics" and all(row in message["gauges"] for row in expected))


def test_an_empty_group_has_no_health_counts(shop: Plane) -> None:
    shop.targets("blue")
    shop.apply()
    assert shop.get().status == 503
    shop.wait_for_metric("HTTPCode_ELB_503_Count", 1)
    assert shop.metric("RequestCount") == 0
    groups = {row[1] for row in shop.metrics()[-1]["gauges"]}
    assert groups == {"green"}


@pytest.mark.parametrize(("fault", "status"), [("hang_percent", 504), ("reset_percent", 502)])
def test_what_a_target_does_not_answer_has_no_metric_of_its_group(shop: Plane, fault: str, status: int) -> None:
    """HTTPCode_ELB_502_Count and _504_Count have the dimensions LoadBalancer and AvailabilityZone only
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html)."""
    shop.run("bad", **{fault: 50})
    shop.targets("green", "bad")
    shop.forward({"green": 1})
    shop.idle_timeout = 0.5
    shop.apply_until_healthy()
    assert sorted(answer.status for answer in shop.get_many(10)) == [200] * 5 + [status] * 5
    shop.wait_for_metric(f"HTTPCode_ELB_{status}_Count", 5)
    names = {row[2] for message in shop.metrics() for row in message["counts"] if row[1] == "green"}
    assert names == {"RequestCount", "HTTPCode_Target_2XX_Count"}
    assert shop.metric("RequestCount", "green") == 10
    assert shop.metric("HTTPCode_Target_2XX_Count", "green") == 5
