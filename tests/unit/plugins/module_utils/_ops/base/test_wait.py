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


class Pulse:
    """A beat that notes when it came."""

    def __init__(self, person: Person, every: float) -> None:
        self.person, self.every = person, every
        self.times: list[float] = []

    def beat(self) -> None:
        self.times.append(self.person.clock.time)


@pytest.mark.parametrize("pause", [0.1, 7.0, 60.0])
def test_beats_come_in_time_however_long_a_wait_pauses(pause: float) -> None:
    person = Person()
    pulses = [Pulse(person, 15.0), Pulse(person, 40.0)]
    for pulse in pulses:
        person.run.keep(pulse)
    poll(person.run, "waiting", lambda: None, lambda _: False, 120, longest=pause, first=pause)
    for pulse in pulses:
        assert len(pulse.times) >= 120 // pulse.every - 1
        assert max(later - earlier for earlier, later in pairwise([0.0, *pulse.times])) < pulse.every + 1


def test_a_beat_that_fails_ends_the_wait() -> None:
    person = Person()

    class Lost(Pulse):
        def beat(self) -> None:
            raise BluegreenError("The lease was taken.")

    person.run.keep(Lost(person, 15.0))
    with pytest.raises(BluegreenError, match="taken"):
        rest(person.run, "waiting", 60)
    assert person.clock.time < 16


THROTTLE = AwsError("AWS refused reading web: Rate exceeded (DescribeTargetHealth: Throttling).", "Throttling")


def test_a_look_that_is_throttled_is_none() -> None:
    person = Person()
    answers = [THROTTLE, "good", THROTTLE, "good", "good"]

    def look() -> str:
        answer = answers.pop(0)
        if isinstance(answer, AwsError):
            raise answer
        return str(answer)

    assert poll(person.run, "waiting", look, lambda seen: seen == "good", 100, times=2) == "good"
    assert answers == []


def test_a_wait_that_saw_nothing_but_throttles_fails_at_its_end() -> None:
    person = Person()

    def look() -> None:
        raise THROTTLE

    with pytest.raises(AwsError, match="Rate exceeded"):
        poll(person.run, "waiting for web", look, lambda _: True, 100)
    assert person.clock.time == pytest.approx(100, abs=1)
    assert person.read[0][1].startswith("waiting for web: AWS refused reading web: Rate exceeded")


def test_other_errors_end_a_wait_at_once() -> None:
    person = Person()

    def look() -> None:
        raise AwsError("AWS refused reading web: no (DescribeTargetHealth: AccessDenied).", "AccessDenied")

    with pytest.raises(AwsError):
        poll(person.run, "waiting", look, lambda _: True, 100)
    assert person.clock.time == 0


def test_many_services_at_once_look_less_often() -> None:
    person = Person()
    run = Run(client=str, clock=person.clock, pace=30)
    times: list[float] = []
    poll(run, "waiting", lambda: times.append(person.clock.time), lambda _: False, 600, longest=5)
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert max(pauses) > 20
    assert pauses[0] < 1, "what is there at once is seen at once"


EXPIRED = AwsError("AWS refused reading web: it is expired (DescribeTags: ExpiredToken).", "ExpiredToken")


def test_credentials_that_expired_are_tried_once_more() -> None:
    person = Person()
    answers = [EXPIRED, False, EXPIRED, True]

    def look() -> bool:
        answer = answers.pop(0)
        if isinstance(answer, AwsError):
            raise answer
        return answer

    assert poll(person.run, "waiting", look, bool, 100)
    answers = [EXPIRED, EXPIRED]
    with pytest.raises(AwsError, match="ExpiredToken"):
        poll(person.run, "waiting", look, bool, 100)
