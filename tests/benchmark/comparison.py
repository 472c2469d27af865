# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to release, side by side: what each costs, how long it takes, and how many a bad release hurts.

``python -m tests.benchmark.comparison`` writes the figures at the end of docs/choosing.md.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad, LoadResult
from switchyard_lab.load.resolving import Resolving
from switchyard_lab.seed.records import seed_records
from tests.playing import ROOT, Played, started
from tests.sample import SERVICE, Sample

DOCUMENT = ROOT / "docs/choosing.md"
HEADING = "## Measured, side by side\n"
SPEED, RATE, TTL = 20, 100, 5
LOOKS = 0.25  # seconds between two looks at the fleet
USUAL = 3  # instances of the sample service

ABOUT = f"""

Written by `make comparison`, on the [lab](../lab): {USUAL} instances, {RATE} requests/s by users who honor the
TTL, 20 ms for each API call. The lab's clock runs {SPEED} times as fast, so that instances start and drain in seconds;
bakes and the TTL of {TTL} s are in real time. The canary, and the release by records, have 10 % for 20 s. The linear
release has four steps of 10 s. The rolling release keeps between 100 % and 150 % of its instances, and is verified at
33 %. Nothing is retained after the good release.

- **extra**: instances beyond the usual {USUAL}, times seconds.
- **finish**: seconds of the whole play, including the removal of the old environment.
- **roll back**: seconds from the command, run after the release has finished, to the last answer of the new version.
- **failed**: failed requests under the good release; **hurt**: under a release that fails 30 % of its requests.

| way | extra | finish, s | roll back, s | failed | hurt | of all, % |
|---|--:|--:|--:|--:|--:|--:|
"""


@dataclass(frozen=True)
class Service:
    """A sample service, and users of it."""

    sample: Sample
    users: Callable[[], BackgroundLoad]


def behind_listeners(lab: LabProcess) -> Service:
    sample = Sample(lab, run=started)
    return Service(sample, lambda: BackgroundLoad(sample.url, RATE))


def behind_records(lab: LabProcess) -> Service:
    service = seed_records(lab.endpoint, lab.info()["cidr"], lab.inventory, SERVICE, ttl=TTL)
    resolving = Resolving(lab.dns, clients=RATE * TTL)
    return Service(
        Sample(lab, run=started), lambda: BackgroundLoad(service.url, RATE, keep_alive=False, resolving=resolving)
    )


CANARY = {"type": "canary", "percent": 10, "bake_seconds": 20, "final_bake_seconds": 10}


@dataclass(frozen=True)
class Way:
    name: str
    variables: Mapping[str, Any]
    door: str = "deploy"
    front: Callable[[LabProcess], Service] = behind_listeners

    @contextmanager
    def service(self) -> Iterator[Service]:
        seeded = self.front is behind_listeners
        with LabProcess(seed=seeded, speed=SPEED, latency_ms=20, propagation_ms=5000) as lab:
            yield self.front(lab)


WAYS = [
    Way("all at once", {"bluegreen_strategy": {"type": "all_at_once", "final_bake_seconds": 10}}),
    Way("canary", {"bluegreen_strategy": CANARY}),
    Way("linear", {"bluegreen_strategy": {"type": "linear", "percent": 25, "interval_seconds": 10}}),
    Way("DNS records", {"bluegreen_strategy": CANARY, "bluegreen_ttl_margin_seconds": 5}, front=behind_records),
    Way(
        "rolling",
        {
            "bluegreen_max_healthy_percentage": 150,
            "bluegreen_checkpoints": [33],
            "bluegreen_bake_seconds": 10,
            "bluegreen_hold_seconds": 20 * SPEED,  # the lab's
        },
        door="roll",
    ),
]


@dataclass
class Fleet:
    """Adds up the instances beyond the usual ones for as long as it is watched."""

    lab: LabProcess
    extra: float = 0.0  # instance-seconds
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Fleet:
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        last = time.monotonic()
        while not self._over.wait(LOOKS):
            now = time.monotonic()
            self.extra += max(0, len(self.lab.info()["instances"]) - USUAL) * (now - last)
            last = now


def row(way: Way) -> str:
    with way.service() as service:
        with Fleet(service.sample.lab) as fleet:
            good, load, seconds = release(way, service, "1.1.0", bluegreen_retain_seconds=0)
        succeed(good)
        next_one, _load, _seconds = release(way, service, "1.0.0")
        succeed(next_one)
        back = seconds_back(service, "1.0.0")
    with way.service() as service:
        _bad, hurt, _seconds = release(way, service, "1.2.0-bad")
    figures = [f"{fleet.extra:.0f}", f"{seconds:.0f}", f"{back:.0f}", load.failed, hurt.failed]
    return " | ".join([f"| {way.name}", *map(str, figures), f"{100 * hurt.failed / hurt.requests:.2f} |"])


def release(way: Way, service: Service, name: str, **variables: Any) -> tuple[Played, LoadResult, float]:
    """The play, what users saw of it, and how many seconds it took."""
    began = time.monotonic()
    with service.users() as load:
        played = service.sample.open(way.door, bluegreen_release=name, **way.variables, **variables)
        seconds = time.monotonic() - began
    return played, load.result, seconds


def seconds_back(service: Service, release: str) -> int:
    """From the command until nobody is answered by this release any more."""
    with service.users() as load:
        began = time.time()
        succeed(service.sample.open("rollback"))
        time.sleep(2 * TTL)  # until those have come who had an answer of the name servers
    since = int(began - load.result.started)
    return max(number for number, second in enumerate(load.result.timeline) if second.releases[release]) + 1 - since


def succeed(played: Played) -> None:
    if played.returncode:
        raise RuntimeError(played.messages)


def main() -> int:
    rows = []
    for way in WAYS:
        rows.append(row(way))
        print(rows[-1], file=sys.stderr, flush=True)
    written, _heading, _old = DOCUMENT.read_text(encoding="utf-8").partition(HEADING)
    DOCUMENT.write_text(written + HEADING + ABOUT + "\n".join(rows) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
