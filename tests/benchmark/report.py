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
# Time, memory and API calls

Written by `make bench`. It compares the collection with a script that does the same work with botocore only
([tests/benchmark/bare.py](../tests/benchmark/bare.py), the lower bound) and with a playbook of `amazon.aws` modules
([tests/benchmark/peer](../tests/benchmark/peer/deploy.yml)). All run in turns on the [lab](../lab).
Each figure is the median of {rounds}. Compare the ratios: a busy or slow machine changes them least.

This run: {machine}.

- **wall**: from the start of the process to its end; for a rollback, until ModifyListener reaches the API.
- **CPU** and **memory**: of the process and all its children, without the lab. Memory is the resident set of the
  largest process, because forked processes share most of theirs.
- **calls**: requests to the AWS API; for a rollback, those before ModifyListener.
- **ratio**: wall time divided by that of the bare script.
- *Nothing* is the time that Ansible, or Python with botocore, takes to start and to end on this machine.
- *One more task of a play* is the additional cost of such a task in a play; its memory is that of the whole play.
  In-process is how the collection runs on the controller. In a process of its own is how Ansible runs other modules,
  and these modules when they are delegated to another host.
- *A whole cycle* is provision, verify, a swap of two steps, settle and teardown. The lab boots, checks and drains at
  once. There are no bakes, no retention and no waits for metrics. Both sides check three times whether all instances
  are healthy, a quarter of a second apart.
- *A playbook of amazon.aws* does less: one request verifies the release, targets are not checked between the steps or
  drained by name, and the tags for the stable environment are set outside of the measured time, because there is no
  module for them. Its group module sleeps 10 s between two checks; without its sleeps, no sleep is longer than a
  quarter of a second.

Goals, without latency: a weight change is 8 times as fast as with amazon.aws, the whole cycle 5 times (2.5 times
without its sleeps), and the cycle takes at most twice as long as the bare script.
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
