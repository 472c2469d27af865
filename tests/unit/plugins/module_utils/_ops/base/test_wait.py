# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever waits reads something every 30 seconds: what is waited for, how it stands, and how long it may still take."""

from __future__ import annotations

from itertools import pairwise

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.errors import AwsError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.wait import poll, rest

from tests.unit.clock import FakeClock

from .beats import Lost, Pulse


class Person:
    """Who waits, on a clock of its own."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.read: list[tuple[float, str]] = []
        self.run = Run(client=str, clock=self.clock, report=lambda said: self.read.append((self.clock.time, said)))

    def longest_silence(self) -> float:
        times = [0.0, *(time for time, _said in self.read), self.clock.time]
        return max(later - earlier for earlier, later in pairwise(times))


def test_a_sign_of_life_says_what_is_waited_for_how_it_stands_and_how_long_it_may_take() -> None:
    person = Person()
    poll(person.run, "waiting for web", lambda: "1 of 3 healthy.", lambda _: False, 100, standing=str)
    assert [said for _time, said in person.read] == [
        "waiting for web: 1 of 3 healthy; at most 1 min 10 s more",
        "waiting for web: 1 of 3 healthy; at most 40 s more",
        "waiting for web: 1 of 3 healthy; at most 10 s more",
    ]


@pytest.mark.parametrize("pause", [0.1, 7.0, 29.0, 60.0, 1000.0])
def test_it_is_given_every_30_seconds_however_seldom_anybody_looks(pause: float) -> None:
    person = Person()
    poll(person.run, "waiting", lambda: None, lambda _: False, 3600, longest=pause, first=pause)
    assert person.longest_silence() <= 30.1
    assert len(person.read) <= 120


def test_silence_goes_on_from_one_wait_to_the_next() -> None:
    person = Person()
    poll(person.run, "waiting for one", lambda: None, lambda _: False, 20)
    rest(person.run, "waiting for another", 20)
    assert [said for _time, said in person.read] == ["waiting for another; at most 10 s more"]


def test_whoever_has_just_read_something_reads_no_sign_of_life() -> None:
    person = Person()

    def look() -> None:
        person.run.progress("1 more is healthy")

    poll(person.run, "waiting", look, lambda _: False, 100, longest=20, first=20)
    assert {said for _time, said in person.read} == {"1 more is healthy"}


@pytest.mark.parametrize("pause", [0.1, 7.0, 60.0])
def test_beats_come_in_time_however_long_a_wait_pauses(pause: float) -> None:
    person = Person()
    pulses = [Pulse(person.clock, 15.0), Pulse(person.clock, 40.0)]
    for pulse in pulses:
        person.run.keep(pulse)
    poll(person.run, "waiting", lambda: None, lambda _: False, 120, longest=pause, first=pause)
    for pulse in pulses:
        assert len(pulse.times) >= 120 // pulse.every - 1
        assert max(later - earlier for earlier, later in pairwise([0.0, *pulse.times])) < pulse.every + 1


def test_a_beat_that_fails_ends_the_wait() -> None:
    person = Person()
    person.run.keep(Lost(person.clock, 15.0))
    with pytest.raises(BluegreenError, match="taken"):
        rest(person.run, "waiting", 60)
    assert person.clock.time < 16


def refused(code: str) -> AwsError:
    return AwsError(f"AWS refused reading web: no (DescribeTargetHealth: {code}).", code)


THROTTLE, DENIED, EXPIRED = map(refused, ["Throttling", "AccessDenied", "ExpiredToken"])


class Answers:
    """What looks see, one after the other."""

    def __init__(self, *answers: str | AwsError) -> None:
        self.left = list(answers)

    def __call__(self) -> str:
        answer = self.left.pop(0)
        if isinstance(answer, AwsError):
            raise answer
        return answer

    def await_good(self, person: Person, timeout: float = 100, times: int = 1) -> str:
        return poll(person.run, "waiting for web", self, lambda seen: seen == "good", timeout, times=times)


def test_a_look_that_is_throttled_is_none() -> None:
    answers = Answers(THROTTLE, THROTTLE, "good", THROTTLE, "good", "good")
    assert answers.await_good(Person(), times=2) == "good"
    assert answers.left == []


def test_a_wait_that_saw_nothing_but_throttles_fails_at_its_end() -> None:
    person = Person()
    with pytest.raises(AwsError, match="Throttling"):
        Answers(*[THROTTLE] * 1000).await_good(person)
    assert person.clock.time == pytest.approx(100, abs=1)
    assert person.read[0][1].startswith("waiting for web: AWS refused reading web: no")


@pytest.mark.parametrize("error", [DENIED, EXPIRED])
def test_one_look_that_is_refused_does_not_end_a_wait(error: AwsError) -> None:
    answers = Answers(error, "bad", error, "bad", "good", error, THROTTLE, "good", "good")
    assert answers.await_good(Person(), times=2) == "good"
    assert answers.left == []


def test_nor_does_it_where_there_is_no_time_left() -> None:
    assert Answers(DENIED, "good").await_good(Person(), timeout=0) == "good"
    assert Answers(DENIED, "bad").await_good(Person(), timeout=0) == "bad"


@pytest.mark.parametrize("between", [[], [THROTTLE]])
@pytest.mark.parametrize("error", [DENIED, EXPIRED])
def test_two_in_a_row_end_it_soon_with_what_aws_said(error: AwsError, between: list[AwsError]) -> None:
    person = Person()
    with pytest.raises(AwsError, match=error.code):
        Answers("bad", error, *between, error).await_good(person)
    assert person.clock.time < 2


def looks(pace: float, timeout: float) -> list[float]:
    """When a wait looks that sees nothing."""
    clock, times = FakeClock(), list[float]()
    run = Run(client=str, clock=clock, pace=pace)
    poll(run, "waiting", lambda: times.append(clock.time), lambda _: False, timeout, longest=5)
    return times


def test_many_services_at_once_look_less_often_from_the_first_minute_on() -> None:
    assert len(looks(25, 60)) <= 8
    assert len(looks(5, 60)) >= 15, "one by itself looks as closely as ever at first"
    assert max(later - earlier for earlier, later in pairwise(looks(30, 600))) > 20


@pytest.mark.parametrize("pace", [0, 5, 60])
def test_a_short_wait_looks_several_times_at_any_pace(pace: float) -> None:
    assert len(looks(pace, 3)) >= 5
