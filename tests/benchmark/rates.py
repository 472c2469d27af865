# SPDX-License-Identifier: GPL-3.0-or-later
"""How many API calls many services make that bake at the same time, and what AWS would throttle of them.

No lab and no clock: each service looks after pauses that are as random as the product's, and the account has token
buckets as AWS describes them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.pace import SHORTEST, poll_seconds
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import SECONDS as LEASE_SECONDS
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import EVERY, LONGEST, LOOKS

# Of one look of a bake, for a service with one target group for each color, and its alarms.
CALLS_PER_LOOK: Mapping[str, int] = {"DescribeAlarms": 1, "DescribeTargetHealth": 2}
BEAT, RENEWAL = "DescribeTags", "AddTags"  # where no store keeps the lease
SECONDS = 600
SPREAD = 30.0  # within this many seconds all begin


@dataclass(frozen=True)
class Bucket:
    """``size`` tokens, and this many more per second."""

    name: str
    operations: tuple[str, ...]
    size: float
    refill: float


BUCKETS = (
    # "the bucket size for non-mutating API actions is 40 tokens and the refill rate is 10 tokens per second" (Request
    # throttling for the ELB API, docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html).
    Bucket("Elastic Load Balancing, reads", ("DescribeTargetHealth", BEAT), 40, 10),
    # "Mutating": 20 and 3, in the table of the same page. ModifyListener and ModifyRule need some of them, too.
    Bucket("Elastic Load Balancing, writes", (RENEWAL,), 20, 3),
    # "DescribeAlarms: 9 transactions per second" (CloudWatch service quotas,
    # docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html).
    Bucket("CloudWatch, DescribeAlarms", ("DescribeAlarms",), 9, 9),
)


@dataclass(frozen=True)
class Rates:
    """``peaks`` by operation, in any whole second; ``throttled`` by bucket, of ``calls``."""

    services: int
    pause: float
    peaks: Mapping[str, int]
    calls: Mapping[str, int]
    throttled: Mapping[str, int]


def simulate(services: int, pause: float, *, stored: bool = False, seed: int = 0) -> Rates:
    """All bake for ten minutes. ``stored``: a store keeps the leases, so that no tags are read."""
    chance = random.Random(seed)
    calls = list(merge(*(_calls(chance, pause, stored) for _service in range(services))))
    seconds = Counter((operation, int(at)) for at, operation in calls)
    peaks = {name: max((n for (each, _s), n in seconds.items() if each == name), default=0) for name in OPERATIONS}
    counts = Counter(operation for _at, operation in calls)
    return Rates(
        services,
        pause,
        peaks,
        {bucket.name: sum(counts[each] for each in bucket.operations) for bucket in BUCKETS},
        {bucket.name: _throttled(bucket, calls) for bucket in BUCKETS},
    )


OPERATIONS = (*CALLS_PER_LOOK, BEAT, RENEWAL)


def _calls(chance: random.Random, pause: float, stored: bool) -> list[tuple[float, str]]:
    begin = chance.uniform(0, SPREAD)
    looks = [(at, name) for at in _times(chance, begin, pause) for name, n in CALLS_PER_LOOK.items() for _ in range(n)]
    return sorted([*looks, *([] if stored else _beats(begin, pause))])


def _beats(begin: float, pause: float) -> Iterator[tuple[float, str]]:
    """A lease is read, and renewed when a third of it has passed, as in _ops/lease/hold.py."""
    every = max(EVERY, min(LONGEST, pause))
    lasts, renewed = max(LEASE_SECONDS, LOOKS * every), 0.0
    for number in range(1, int(SECONDS / every)):
        yield begin + every * number, BEAT
        if every * number - renewed >= lasts / 3:
            yield begin + every * number, RENEWAL
            renewed = every * number


def _times(chance: random.Random, begin: float, pause: float) -> Iterator[float]:
    """With the jitter of ``poll`` in _ops/base/wait.py."""
    at = begin
    while at < begin + SECONDS:
        yield at
        at += pause * chance.uniform(0.75, 1.0)


def _throttled(bucket: Bucket, calls: list[tuple[float, str]]) -> int:
    """Calls that find no token. They are not tried again here, though the product does, with a growing pause."""
    tokens, before, refused = bucket.size, 0.0, 0
    for at, operation in calls:
        if operation not in bucket.operations:
            continue
        tokens, before = min(bucket.size, tokens + (at - before) * bucket.refill), at
        if tokens >= 1:
            tokens -= 1
        else:
            refused += 1
    return refused


def first_throttled(*, own_pace: bool, stored: bool = False, most: int = 400) -> int | None:
    """From how many services on AWS throttles more than one call in a hundred; None: not up to ``most``."""
    for services in range(5, most + 1, 5):
        rates = simulate(services, poll_seconds(services) if own_pace else SHORTEST, stored=stored)
        if any(rates.throttled[name] > count / 100 for name, count in rates.calls.items()):
            return services
    return None


ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html"
CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"
ABOUT = f"""\
## What AWS would throttle

This is a simulation, without AWS or the lab (`tests/benchmark/rates.py`): all services bake for ten minutes, and start
within {SPREAD:.0f} s. A poll takes one DescribeAlarms, and one DescribeTargetHealth for each color. If the lease is
kept in tags, it is read with one DescribeTags every {EVERY:.0f} to {LONGEST:.0f} s, and every other time it is renewed
with one AddTags.

In each region, an account has 40 tokens for reads of Elastic Load Balancing and gets 10 more per second. For writes it
has 20, and gets 3 more per second ([request throttling for the ELB API][elb]). It has 9 DescribeAlarms and 50
GetMetricData per second ([CloudWatch service quotas][cloudwatch]). A service with metrics makes at most four
GetMetricData a minute. AWS does not publish the rates of EC2 Auto Scaling, so its calls are not included. The calls
before and between the bakes are in the [next table](#services-that-begin-together).

[elb]: {ELB}
[cloudwatch]: {CLOUDWATCH}

The columns show the highest number of calls in one second, and the share of calls that are throttled.

"""
COLUMNS = ("services", "poll every, s", "lease in", *OPERATIONS, "ELB reads", "ELB writes", "CloudWatch")
HEAD = f"| {' | '.join(COLUMNS)} |\n|--:|--:|---|{'--:|' * (len(COLUMNS) - 3)}\n"


def table() -> str:
    rows = []
    for services in (1, 10, 50, 100, 200):
        for pause, stored in dict.fromkeys(
            [(SHORTEST, False), (poll_seconds(services), False), (poll_seconds(services), True)]
        ):
            rows.append(_row(simulate(services, pause, stored=stored), stored))
    return ABOUT + HEAD + "\n".join(rows) + "\n\n" + _limits()


def _row(rates: Rates, stored: bool) -> str:
    shares = [f"{rates.throttled[bucket.name] / max(1, rates.calls[bucket.name]):.1%}" for bucket in BUCKETS]
    peaks = [str(rates.peaks[name]) for name in OPERATIONS]
    where = "store" if stored else "tags"
    return f"| {rates.services} | {rates.pause:g} | {where} | {' | '.join(peaks)} | {' | '.join(shares)} |"


def _limits() -> str:
    every, own, stored = (
        first_throttled(own_pace=False),
        first_throttled(own_pace=True),
        first_throttled(own_pace=True, stored=True),
    )
    return f"""\
More than 1 % of the calls are throttled from {every} services on if all poll every {SHORTEST} s, from {own} on at
the default interval with leases in tags, and from {stored or "more than 400"} on with leases in a store. Beyond that,
use `bluegreen_serial`, fewer forks, or several accounts. A throttled call does not fail a bake or a wait: botocore
tries each call up to eight times, and then the next poll comes later.

"""
