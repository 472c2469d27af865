# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real plays as a user does, and reads what they answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent

Run = Callable[[Sequence[str], Mapping[str, str], float], tuple[int, str, str]]

# So that what a play says can be read as data.
ASKED = {"ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json", "ANSIBLE_SHOW_CUSTOM_STATS": "1", "ANSIBLE_NOCOLOR": "1"}


@dataclass(frozen=True)
class Played:
    """A finished play.

    ``results`` are in the order of the tasks that ran, each with its ``task`` (``ROLE : NAME`` in a role), ``host`` and
    ``duration`` (``start`` and ``end``, ISO 8601 in UTC); ``handed_on`` is what set_stats gave.
    """

    returncode: int
    results: Sequence[dict[str, Any]]
    stats: Mapping[str, Mapping[str, int]]
    handed_on: Mapping[str, Any]
    stderr: str

    @property
    def messages(self) -> str:
        """Every failed task's sentence."""
        return "\n".join(str(result.get("msg", "")) for result in self.results if result.get("failed"))

    @property
    def outcomes(self) -> dict[str, Any]:
        """By service."""
        exported = [each for key, each in self.handed_on.items() if key.startswith("bluegreen_outcome_")]
        return {each["service"]: each for each in exported}

    @property
    def changed(self) -> int:
        return sum(host["changed"] for host in self.stats.values())


def started(arguments: Sequence[str], environment: Mapping[str, str], timeout: float) -> tuple[int, str, str]:
    """The command as a user starts it: its exit code, its output and its errors."""
    command = [BIN / "ansible-playbook", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout, check=False)
    return done.returncode, done.stdout, done.stderr


def playbook(
    path: Path | str, env: Mapping[str, str], *arguments: str, run: Run = started, timeout: float = 300
) -> Played:
    """``ansible-playbook PATH ARGUMENTS``, answered as data."""
    environment = os.environ | dict(env) | ASKED | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    returncode, output, errors = run([str(path), *arguments], environment, timeout)
    try:
        document = json.loads(output)
    except ValueError:
        raise AssertionError(f"ansible-playbook {path} said:\n{output}\n{errors}") from None
    results = [
        result | {"task": task["task"]["name"], "duration": task["task"]["duration"], "host": host}
        for play in document["plays"]
        for task in play["tasks"]
        for host, result in task["hosts"].items()
    ]
    handed_on = document["global_custom_stats"]
    return Played(returncode, results, document["stats"], handed_on, errors)
