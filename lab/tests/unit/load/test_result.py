# SPDX-License-Identifier: GPL-3.0-or-later
"""A load's result counts each request in the second it was due."""

from switchyard_lab.load import strip
from switchyard_lab.load.result import Answer, LoadResult, Tally

START = 1_000.0


def result() -> LoadResult:
    tally = Tally(START)
    tally.add(Answer(due=START + 1.5, seconds=0.2, status=200, release="2", instance="i-2"))
    tally.add(Answer(due=START + 0.1, seconds=3.0, status=502))
    tally.add(Answer(due=START + 0.2, seconds=0.1, status=200, release="1", instance="i-1"))
    tally.add(Answer(due=START + 1.6, seconds=0.1, error="ServerDisconnectedError"))
    tally.add(Answer(due=START + 1.7, seconds=0.1, status=404, release="2", instance="i-2"))
    return tally.result(2.0)


def test_requests_are_counted_by_what_answered_them() -> None:
    counted = result()
    assert (counted.requests, counted.failed) == (5, 2)
    assert counted.total.statuses == {"200": 2, "502": 1, "404": 1}
    assert counted.total.errors == {"ServerDisconnectedError": 1}
    assert counted.total.instances == {"i-1": 1, "i-2": 2}
    assert [second.requests for second in counted.timeline] == [2, 3]
    assert [second.failed for second in counted.timeline] == [1, 1]


def test_failures_are_kept_in_the_order_they_came_in() -> None:
    assert [(failure.at, failure.error or failure.status) for failure in result().failures] == [
        (START + 1.7, "ServerDisconnectedError"),
        (START + 3.1, 502),
    ]


def test_each_release_has_its_latency_and_its_failures_in_each_second() -> None:
    tally = Tally(START)
    for number in range(10):
        tally.add(Answer(due=START + 0.1 * number, seconds=0.01 * (number + 1), status=200, release="1"))
    tally.add(Answer(due=START + 1, seconds=0.5, status=500, release="2"))
    first, second = tally.result(2.0).timeline
    assert (first.p90_ms, second.p90_ms) == ({"1": 90.0}, {"2": 500.0})
    assert (first.failing, second.failing) == ({}, {"2": 1})


def test_a_result_survives_json() -> None:
    assert LoadResult.from_json(result().to_json()) == result()


def test_the_strip_shows_shares_by_release() -> None:
    seconds = result().timeline
    text = strip.line(1, seconds[1], strip.releases_in(seconds))
    assert "2 2" in text
    assert "failed 1" in text
    assert "failed" not in strip.line(0, Tally(START).result(0).total, [])


def test_an_empty_load_has_a_result() -> None:
    assert Tally(START).result(0).requests == 0
    assert "0 requests" in strip.summary(Tally(START).result(0.0))
