# SPDX-License-Identifier: GPL-3.0-or-later
"""One line per second for people: who answered, in what share."""

from collections.abc import Sequence

from .result import LoadResult, Second

WIDTH = 40
MARKS = "█░▒▓"


def line(number: int, second: Second, releases: Sequence[str]) -> str:
    """``releases`` in order of appearance give each release its mark for the whole strip."""
    blocks = ""
    for index, release in enumerate(releases):
        blocks += MARKS[index % len(MARKS)] * round(WIDTH * second.releases[release] / max(second.requests, 1))
    shares = "  ".join(f"{release} {second.releases[release]}" for release in releases if second.releases[release])
    failed = f"  failed {second.failed}" if second.failed else ""
    return f"{number:4d} s  {second.requests:5d}  {blocks:{WIDTH}.{WIDTH}}  {shares}{failed}"


def releases_in(seconds: Sequence[Second]) -> list[str]:
    return list(dict.fromkeys(release for second in seconds for release in second.releases))


def summary(result: LoadResult) -> str:
    latency = "  ".join(f"{name} {value} ms" for name, value in result.latency_ms.items())
    counts = (*result.total.statuses.items(), *result.total.errors.items())
    ends = ", ".join(f"{name}: {count}" for name, count in counts)
    return f"{result.requests} requests in {result.seconds:.1f} s, {result.failed} failed ({ends})\nlatency  {latency}"
