# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics are counted under AWS's names, and absent where AWS reports none."""

from switchyard_lab.dataplane.metrics import Metrics

LB = "app/shop/1"


def counts(metrics: Metrics) -> dict[tuple[str | None, str], int]:
    return {(group, name): value for _lb, group, name, value in metrics.take()["counts"]}


def test_requests_are_counted_for_the_load_balancer_and_for_the_group() -> None:
    metrics = Metrics()
    for status, seconds in ((200, 0.1), (204, 0.3), (500, 0.2)):
        metrics.target_chosen(LB, "blue")
        metrics.target_answered(LB, "blue", status, seconds)
    taken = metrics.take()
    per_group = {name: value for _lb, group, name, value in taken["counts"] if group == "blue"}
    assert per_group == {"RequestCount": 3, "HTTPCode_Target_2XX_Count": 2, "HTTPCode_Target_5XX_Count": 1}
    assert [LB, None, "RequestCount", 3] in taken["counts"]
    assert sorted(row[1:3] for row in taken["latency"] if row[1]) == [["blue", 3]]
    assert taken["latency"][0][4:] == [0.1, 0.3, [(0.1, 1), (0.3, 1), (0.2, 1)]]


def test_single_response_times_are_kept_to_two_digits() -> None:
    metrics = Metrics()
    for seconds in (0.1234, 0.1222, 0.1267, 12.4):
        metrics.target_answered(LB, "blue", 200, seconds)
    assert metrics.take()["latency"][0][6] == [(0.12, 2), (0.13, 1), (12.0, 1)]


def test_nothing_is_reported_without_traffic_or_errors() -> None:
    metrics = Metrics()
    assert metrics.take() == {"counts": [], "latency": []}
    metrics.target_chosen(LB, "blue")
    metrics.target_answered(LB, "blue", 200, 0.1)
    assert not any("5XX" in name for _group, name in counts(metrics))
    assert metrics.take() == {"counts": [], "latency": []}


def test_what_the_load_balancer_answers_itself_has_no_group() -> None:
    metrics = Metrics()
    metrics.failed(LB, 503)
    metrics.redirected(LB, 301)
    metrics.fixed_response(LB, 200)
    assert counts(metrics) == {
        (None, "HTTPCode_ELB_503_Count"): 1,
        (None, "HTTPCode_ELB_5XX_Count"): 1,
        (None, "HTTP_Redirect_Count"): 1,
        (None, "HTTPCode_ELB_3XX_Count"): 1,
        (None, "HTTP_Fixed_Response_Count"): 1,
    }
