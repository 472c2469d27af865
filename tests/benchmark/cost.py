# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command costs."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Self

from tests.playing import ROOT

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Cost:
    """Of a process with all its children.

    ``memory_mb`` is the resident set of the largest of these processes: forked ones share most of theirs, so that a sum
    would count the same pages again.
    """

    wall_ms: float
    cpu_ms: float
    memory_mb: float
    calls: float = 0  # of the AWS API

    def added_to(self, less: Self, times: int) -> Self:
        """What each of so many more ``times`` of the same work added to ``less``."""
        return type(self)(
            wall_ms=(self.wall_ms - less.wall_ms) / times,
            cpu_ms=(self.cpu_ms - less.cpu_ms) / times,
            memory_mb=self.memory_mb,
            calls=(self.calls - less.calls) / times,
        )

    @classmethod
    def median(cls, costs: Sequence[Self]) -> Self:
        return cls(*(median(getattr(cost, field.name) for cost in costs) for field in fields(cls)))


def cost_of(command: Command, env: Mapping[str, str]) -> Cost:
    """Run the command to its end; one that fails is an error that tells what it said."""
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(env), stdout=said, stderr=said)
        _pid, status, usage = os.wait4(process.pid, 0)  # the kernel's count, of the children that it waited for as well
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{command} ended with {process.returncode}:\n{said.read().decode()}")
    return Cost(wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024)
