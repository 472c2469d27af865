# SPDX-License-Identifier: GPL-3.0-or-later
"""Which processes are known to be dead, also where /proc shows only one's own (``hidepid`` in proc(5))."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim, Process
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease import process


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No process is to be seen in /proc."""
    for name in ("sys/kernel/random", "self/ns"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "sys/kernel/random/boot_id").write_text("01234567-89ab\n", encoding="ascii")
    (tmp_path / "self/ns/pid").symlink_to("pid:[4026531836]")
    monkeypatch.setattr(process, "PROC", tmp_path)


def claim(pid: int, born: str = "1") -> Claim:
    here = process.place()
    assert here
    return Claim.new("run-1", "deploy", "Alice", str(Process(here, pid, born)), 0)


def ended() -> int:
    """The number of a process that is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as begun:
        begun.wait()
    return begun.pid


@pytest.mark.usefixtures("hidden")
def test_a_process_that_is_hidden_is_not_taken_for_dead() -> None:
    """Number 1 is there in any case, and of another user as a rule."""
    assert process.dead([claim(os.getpid()), claim(1)]) == set()


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize("pid", [None, 10**30], ids=["it has ended", "there is no such number"])
def test_a_process_that_is_gone_is_dead_though_others_are_hidden(pid: int | None) -> None:
    gone = claim(ended() if pid is None else pid)
    assert process.dead([gone]) == {gone.process}


def test_a_process_that_is_seen_is_dead_if_its_number_is_of_another_one_now() -> None:
    mine = process.process_of(os.getpid())
    assert mine
    assert process.dead([claim(mine.pid, mine.born)]) == set()
    other = claim(mine.pid, "1")
    assert process.dead([other]) == {other.process}


def test_a_process_that_nobody_has_waited_for_yet_is_dead() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as begun:
        alive = process.process_of(begun.pid)
        assert alive
        begun.kill()
        os.waitid(os.P_PID, begun.pid, os.WEXITED | os.WNOWAIT)
        assert process.dead([claim(alive.pid, alive.born)]) == {alive}
