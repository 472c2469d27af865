# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of services whose releases begin at the same time, by simulation: no lab, no clock.

Elastic Load Balancing throttles as its user guide says, and a throttled call is made again as botocore's standard mode
does it: up to eight attempts, after a random part of 1, 2, 4 … 20 s.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from statistics import median

from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.session import RETRIES
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.pace import (
    BEGIN_EVERY,
    BEGIN_TOGETHER,
    SHORTEST,
    begins_after,
    poll_seconds,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.rates import ELB

ATTEMPTS, LONGEST_BACKOFF = int(str(RETRIES["total_max_attempts"])), 20.0
LATENCY = 0.05  # seconds
BOOT, BAKE, DRAIN = 60.0, 120.0, 60.0  # seconds


@dataclass(frozen=True)
class Calls:
    """Made at the same time; then the next thing is done after ``seconds``. ``turns``: whether they take turns with
    those of other services; ``looks``: whether they are of a wait, and so wait for their turn. The release ends when a
    call that is no look is throttled for good."""

    reads: int = 0
    writes: int = 0
    seconds: float = 0.0
    turns: bool = True
    looks: bool = False


def release(pace: float) -> Iterator[Calls]:
    """Those of a release in two steps to Elastic Load Balancing, as `make bench` counts them."""
    yield from (Calls(reads, turns=False) for reads in (1, 3, 3, 2))  # the plan
    yield from (Calls(*each, turns=False) for each in ((0, 1, 0.5), (1, 0), (0, 1), (1, 0), (1, 0)))  # the lease
    yield from (Calls(1), Calls(2))
    yield from _looks(1, BOOT, pace)
    yield from (Calls(1), Calls(0, 1, 0.5), Calls(1), Calls(2))
    for _step in range(2):
        yield from (Calls(1), Calls(1), Calls(1), Calls(0, 1), Calls(1), Calls(2))
        yield from _looks(2, BAKE, pace)
    yield from (Calls(1), Calls(2), Calls(0, 1), Calls(1))
    yield from (Calls(reads) for reads in (1, 1, 2, 2, 2, 1))
    yield from _looks(1, DRAIN, pace)
    yield from (Calls(1), Calls(1), Calls(2), Calls(0, 1))


def _looks(reads: int, seconds: float, pace: float) -> Iterator[Calls]:
    """As in _ops/base/wait.py."""
    pause, left = max(0.1, pace / 10), seconds
    while left > 0:
        yield Calls(reads, seconds=min(left, pause), looks=True)
        left, pause = left - pause, min(pace, pause * 1.5)


@dataclass
class Bucket:
    size: float
    refill: float
    tokens: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.size

    def has(self, now: float) -> bool:
        self.tokens, self.at = min(self.size, self.tokens + (now - self.at) * self.refill), now
        return self.tokens >= 1


@dataclass
class Account:
    """Its buckets in one region: of reads, of writes, and of all calls (Request throttling for the ELB API,
    docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html)."""

    reads: Bucket = field(default_factory=lambda: Bucket(40, 10))
    writes: Bucket = field(default_factory=lambda: Bucket(20, 3))
    every: Bucket = field(default_factory=lambda: Bucket(40, 10))
    throttled: int = 0

    def answers(self, now: float, *, is_read: bool) -> bool:
        buckets = [self.reads if is_read else self.writes, self.every]
        have = [bucket.has(now) for bucket in buckets]  # each is filled up
        if not all(have):
            self.throttled += 1
            return False
        for bucket in buckets:
            bucket.tokens -= 1
        return True


@dataclass
class Fleet:
    """``lost``: services of which a call failed for good. ``silent``: for how long at most a service renewed its lease
    in no wait; ``took``: what the others took from their first call to their last; ``ended``: when the last one did,
    all in seconds."""

    services: int
    calls: int = 0
    throttled: int = 0
    lost: set[int] = field(default_factory=set)
    silent: float = 0.0
    took: list[float] = field(default_factory=list)
    ended: float = 0.0


def simulate(services: int, *, paced: bool, seed: int = 0) -> Fleet:
    """``paced``: with what the product does; otherwise all begin within five seconds and take no turns."""
    return _Simulation(services, paced, random.Random(seed)).run()


class _Simulation:
    def __init__(self, services: int, paced: bool, chance: random.Random) -> None:
        self._paced, self._chance = paced, chance
        self._fleet, self._account, self._paid = Fleet(services), Account(), 0.0
        pace = poll_seconds(services)
        self._work, self._turns = list(release(pace)), paced and pace > SHORTEST
        self._due: list[tuple[float, int, int, int, Sequence[float]]] = []
        self._number = count()
        self._open = [0] * services  # calls without an answer
        self._waited = [0.0] * services  # when each began what comes after its last wait

    def run(self) -> Fleet:
        begun = {}
        for service in range(self._fleet.services):
            begins = begins_after(service, self._fleet.services) if self._paced else 0.0
            begun[service] = begins + self._chance.uniform(0, 5)
            self._plan(begun[service], service, 0)
        while self._due:
            now, _number, service, part, call = heappop(self._due)
            if service in self._fleet.lost:
                continue
            if call:
                self._call(now, service, part, call)
            elif part == len(self._work):
                self._fleet.took.append(now - begun[service])
                self._fleet.ended = now
            else:
                self._begin(now, service, part)
        self._fleet.throttled = self._account.throttled
        return self._fleet

    def _plan(self, at: float, service: int, part: int, call: Sequence[float] = ()) -> None:
        heappush(self._due, (at, next(self._number), service, part, call))

    def _begin(self, now: float, service: int, part: int) -> None:
        work = self._work[part]
        if part and not (work.looks or self._work[part - 1].looks):
            self._fleet.silent = max(self._fleet.silent, now - self._waited[service])
        else:
            self._waited[service] = now
        self._open[service] = work.reads + work.writes
        for number in range(work.reads + work.writes):
            is_read = number < work.reads
            self._fleet.calls += 1
            at = now + self._chance.uniform(0, 0.02)
            self._plan(at + self._turn(at, work), service, part, (float(is_read), 1.0))

    def _turn(self, now: float, work: Calls) -> float:
        if not (self._turns and work.turns):
            return 0.0
        seconds, self._paid = ELB.turn(self._paid, now)
        return seconds if work.looks else 0.0

    def _call(self, now: float, service: int, part: int, call: Sequence[float]) -> None:
        is_read, attempt = call
        work = self._work[part]
        answered = self._account.answers(now, is_read=bool(is_read))
        if not answered and attempt < ATTEMPTS:
            backoff = self._chance.random() * min(2 ** (attempt - 1), LONGEST_BACKOFF)
            again = now + backoff
            self._plan(again + self._turn(again, work), service, part, (is_read, attempt + 1))
            return
        if not answered and not work.looks:
            self._fleet.lost.add(service)
            return
        self._open[service] -= 1
        if not self._open[service]:
            self._plan(now + LATENCY + work.seconds * self._chance.uniform(0.75, 1.0), service, part + 1)


ABOUT = f"""\
## Services that begin together

This is a simulation, too (`tests/benchmark/throttles.py`): releases in two steps, whose instances boot for
{BOOT:.0f} s and which bake for {BAKE:.0f} s at each step, one fork for each service. It counts the calls of Elastic
Load Balancing. A call that is throttled {ATTEMPTS} times in a row ends its release, except in a wait. *As they come*:
all services begin within 5 s, and botocore alone decides when a throttled call is made again. *In turn*: what the
product does. Of the services of a play, {BEGIN_TOGETHER} begin at once and one more every {BEGIN_EVERY:g} s. If
there are more, the looks of their waits and bakes get what the other calls leave of {ELB.per_second:g} per second,
{ELB.burst} at once. *Without a beat* is the longest time in which a service has no wait to renew its lease in.

| services | begin | calls | throttled | releases that end by that | without a beat, s | median release, s | all, s |
|--:|---|--:|--:|--:|--:|--:|--:|
"""


def table() -> str:
    rows = [_row(services, paced) for services in (10, 20, 50, 100, 200) for paced in (False, True)]
    return ABOUT + "\n".join(rows) + "\n"


def _row(services: int, paced: bool) -> str:
    fleet = simulate(services, paced=paced)
    figures = (
        "in turn" if paced else "as they come",
        f"{fleet.calls:,}",
        f"{fleet.throttled:,}",
        str(len(fleet.lost)),
        f"{fleet.silent:.0f}",
        f"{median(fleet.took):.0f}",
        f"{fleet.ended:.0f}",
    )
    return f"| {services} | {' | '.join(figures)} |"
