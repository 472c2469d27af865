# SPDX-License-Identifier: GPL-3.0-or-later
"""What a load saw."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """How one request ended. ``due`` is when it should have been sent: latency counts from there, so that a stall of
    the load itself cannot hide a stall of the service (coordinated omission)."""

    due: float  # epoch
    seconds: float
    status: int = 0  # 0: no response
    error: str = ""  # the connection error, when there was no (whole) response
    release: str = ""
    instance: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.error) or self.status >= 500


@dataclass(frozen=True)
class Failure:
    at: float  # epoch
    status: int
    error: str
    release: str
    instance: str


@dataclass
class Second:
    """The requests that were due in one second; keys are text, so that it reads back from JSON as it was. ``p90_ms`` is
    their latency by release."""

    requests: int = 0
    failed: int = 0
    releases: Counter[str] = field(default_factory=Counter)
    instances: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    failing: Counter[str] = field(default_factory=Counter)  # releases, of the requests that failed
    p90_ms: Mapping[str, float] = field(default_factory=dict)

    def add(self, answer: Answer) -> None:
        self.requests += 1
        self.failed += answer.failed
        for counter, key in (
            (self.releases, answer.release),
            (self.instances, answer.instance),
            (self.statuses, str(answer.status or "")),
            (self.errors, answer.error),
            (self.failing, answer.release if answer.failed else ""),
        ):
            if key:
                counter[key] += 1


@dataclass(frozen=True)
class LoadResult:
    started: float  # epoch
    seconds: float
    total: Second
    timeline: tuple[Second, ...]  # one per second since `started`
    failures: tuple[Failure, ...]
    latency_ms: Mapping[str, float]  # p50, p90, p99, max

    @property
    def requests(self) -> int:
        return self.total.requests

    @property
    def failed(self) -> int:
        """Responses with a status of 500 and more, and connection errors."""
        return self.total.failed

    def to_json(self) -> str:
        return json.dumps(self, default=vars)

    @classmethod
    def from_json(cls, text: str) -> Self:
        raw = json.loads(text)
        return cls(
            started=raw["started"],
            seconds=raw["seconds"],
            total=_second(raw["total"]),
            timeline=tuple(_second(second) for second in raw["timeline"]),
            failures=tuple(Failure(**failure) for failure in raw["failures"]),
            latency_ms=raw["latency_ms"],
        )


class Tally:
    """Gathers answers as they come in, in any order."""

    def __init__(self, started: float) -> None:
        self.timeline: list[Second] = []
        self._started = started
        self._total = Second()
        self._failures: list[Failure] = []
        self._latencies: list[float] = []
        self._by_release: dict[tuple[int, str], list[float]] = defaultdict(list)

    def add(self, answer: Answer) -> None:
        number = int(answer.due - self._started)
        while len(self.timeline) <= number:
            self.timeline.append(Second())
        self.timeline[number].add(answer)
        self._total.add(answer)
        self._latencies.append(answer.seconds)
        if answer.release:
            self._by_release[number, answer.release].append(answer.seconds)
        if answer.failed:
            at = answer.due + answer.seconds
            self._failures.append(Failure(at, answer.status, answer.error, answer.release, answer.instance))

    def result(self, seconds: float) -> LoadResult:
        for (number, release), latencies in self._by_release.items():
            second = self.timeline[number]
            second.p90_ms = {**second.p90_ms, release: _percentiles(latencies)["p90"]}
        return LoadResult(
            started=self._started,
            seconds=seconds,
            total=self._total,
            timeline=tuple(self.timeline),
            failures=tuple(sorted(self._failures, key=lambda failure: failure.at)),
            latency_ms=_percentiles(self._latencies),
        )


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    if not ordered:
        return {}
    ranks = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
    return {name: round(ordered[int(rank * (len(ordered) - 1))] * 1000, 2) for name, rank in ranks.items()}


def _second(raw: Mapping[str, Any]) -> Second:
    counters = {name: Counter(value) for name, value in raw.items() if isinstance(value, dict) and name != "p90_ms"}
    return Second(requests=raw["requests"], failed=raw["failed"], p90_ms=raw["p90_ms"], **counters)
