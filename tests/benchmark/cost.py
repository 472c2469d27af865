# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Self

from tests.playing import ROOT

LAUNCH = Path(__file__).with_name("launch.py")


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
        """What each of this many more ``times`` of the same work added to ``less``."""
        return type(self)(
            wall_ms=(self.wall_ms - less.wall_ms) / times,
            cpu_ms=(self.cpu_ms - less.cpu_ms) / times,
            memory_mb=self.memory_mb,
            calls=(self.calls - less.calls) / times,
        )

    @classmethod
    def median(cls, costs: Sequence[Self]) -> Self:
        return cls(*(median(getattr(cost, field.name) for cost in costs) for field in fields(cls)))


def cost_of(command: Sequence[str | Path], env: Mapping[str, str]) -> tuple[Cost, float]:
    """Run the command to its end; its cost, and when it began (epoch). One that fails is an error with what it said."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", LAUNCH, *command],
        cwd=ROOT,
        env=os.environ | dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    said, _newline, last = done.stdout.rstrip().rpartition("\n")
    took = json.loads(last)
    if took.pop("returncode"):
        raise RuntimeError(f"{command} failed:\n{said}")
    began = took.pop("began")
    return Cost(**took), began
