# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process and all its children hold and have used, from Linux's /proc."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

ENDED = ("Z", "X")  # states of processes that hold no memory any more
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """``pss_mb`` counts each page once, divided among those who share it; ``cpu`` is in seconds. Of the process itself,
    and of its children that are alive."""

    at: float
    children: int
    pss_mb: float
    children_pss_mb: float
    cpu: float
    children_cpu: float


def sample(root: int) -> Sample:
    _root, *children = _tree(root)
    return Sample(
        monotonic(),
        len(children),
        _pss_mb(root),
        sum(map(_pss_mb, children)),
        _cpu(root),
        sum(map(_cpu, children)),
    )


@contextmanager
def watched(root: int, every: float) -> Iterator[list[Sample]]:
    """Samples, from now on until the end of the block."""
    samples: list[Sample] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(every):
            samples.append(sample(root))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()


def _tree(root: int) -> Iterator[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for each in Path("/proc").iterdir():
        if each.name.isdigit() and (fields := _fields(int(each.name))) and fields[0] not in ENDED:
            children[int(fields[1])].append(int(each.name))
    waiting = [root]
    while waiting:
        yield (one := waiting.pop())
        waiting += children[one]


def _fields(pid: int) -> list[str]:
    """Of /proc/PID/stat, those behind the name of the command."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return []


def _cpu(pid: int) -> float:
    fields = _fields(pid)
    return sum(map(int, fields[11:13])) / TICKS if fields else 0.0


def _pss_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
