# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures for people: docs/benchmark.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version

from .cost import Cost
from .jobs import FLOOR

Costs = Mapping[str, Mapping[str, Cost]]  # by job and way

ABOUT = """\
# What it costs

Written by `make bench`: the collection beside a script that does the same work with nothing but botocore
([tests/benchmark/bare.py](../tests/benchmark/bare.py), the floor) and a playbook of amazon.aws's modules
([tests/benchmark/peer](../tests/benchmark/peer/deploy.yml)), on the [lab](../tests/lab), in turns in one run.
Each figure is the median of {rounds}; what counts is the ratio, which a busy or slow machine changes least.

This run: {machine}.

- **wall**: from the start of the process to its end; of a rollback, until ModifyListener reaches the API.
- **CPU** and **memory**: of the process and all its children, without the lab's. Memory is the resident set of the
  largest of the processes, as forked ones share most of theirs.
- **calls**: requests to the AWS API; of a rollback, those before ModifyListener.
- **ratio**: wall time over that of the bare script.
- *Nothing* is what Ansible, or Python with botocore, takes to begin and to end: the machine's own measure.
- *One more task of a play* is what a play with a few more such tasks costs more, by their number; its memory is the
  whole play's. In-process is how the collection runs on the controller. In a process of its own is how Ansible runs
  other modules, and how it runs these when they are delegated to another host.
- *A whole cycle* is provision, verify, a swap of two steps, settle and teardown. The lab boots, checks and drains at
  once; nothing is baked, retained or watched for late requests, and no requests are waited for that show the new
  weights. Both sides look three times whether all instances are healthy, a quarter of a second apart.
- *A playbook of amazon.aws* does less: one request verifies the release, nothing looks at targets between the steps or
  drains them by name, and the tags that say what is stable are set outside its time, for want of a module. Its group
  module sleeps 10 s between two looks; with its sleeps taken out, none is longer than a quarter of a second.

Aims, without latency: a weight change 8 times as fast as amazon.aws's, the whole cycle 5 times, 2.5 times with its
sleeps taken out, and at most twice as long as the bare script.
"""
HEAD = "| | wall, ms | CPU, ms | memory, MB | calls | ratio |\n|---|--:|--:|--:|--:|--:|"


def report(costs: Mapping[int, Costs], rounds: int) -> str:
    """``costs`` are by latency in milliseconds."""
    parts = [ABOUT.format(rounds=rounds, machine=machine())]
    for latency, of_jobs in costs.items():
        parts.append(f"## {latency} ms per API call\n")
        parts += [f"{_table(name, ways)}\n" for name, ways in of_jobs.items()]
    return "\n".join(parts)


def _table(name: str, ways: Mapping[str, Cost]) -> str:
    floor = ways[FLOOR]
    return "\n".join([f"### {name}\n\n{HEAD}", *(_row(way, cost, floor) for way, cost in ways.items())])


def _row(way: str, cost: Cost, floor: Cost) -> str:
    figures = f"{cost.wall_ms:.0f} | {cost.cpu_ms:.0f} | {cost.memory_mb:.0f} | {cost.calls:g}"
    return f"| {way} | {figures} | {cost.wall_ms / floor.wall_ms:.2f} |"


def machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("ansible-core", "botocore"))
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {versions}"
