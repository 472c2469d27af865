# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that a run ends with: which it is, and which of others are known to be dead."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ..._core.lease.claim import Claim, Process

PROC = Path("/proc")


def place() -> str | None:
    """The place in which the number of a process means the same: this boot of this machine and, in containers, their
    own count of processes (pid_namespaces(7)). None where the system does not say it, as on macOS."""
    with suppress(OSError):
        boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip().partition("-")[0]
        namespace = (PROC / "self/ns/pid").readlink().name.strip("pid:[]")
        return f"{boot}.{namespace}"
    return None


def process_of(pid: int) -> Process | None:
    """None where others could not detect that it is dead."""
    here = place()
    born = _born(pid)
    return Process(here, pid, born) if here and born else None


def dead(claims: Iterable[Claim]) -> set[Process]:
    """Those processes of claims that are known to have ended: they were here, and are here no more."""
    here = place()
    return {
        claim.process for claim in claims if claim.process and claim.process.place == here and _has_ended(claim.process)
    }


def _has_ended(process: Process) -> bool:
    """A process whose beginning cannot be read may be of another user, whose processes /proc can hide (hidepid in
    proc(5))."""
    born = _born(process.pid)
    return not _exists(process.pid) if born is None else born != process.born


def _exists(pid: int) -> bool:
    """Signal 0 is not sent; the answer says whether it could be, or why not (kill(2))."""
    try:
        os.kill(pid, 0)
    except OverflowError:
        return False
    except OSError as error:
        return error.errno != errno.ESRCH
    return True


def _born(pid: int) -> str | None:
    """The time a process began, in clock ticks since the boot (field 22 of proc_pid_stat(5)); None when that cannot be
    read, and empty for one that has ended and was not waited for yet.
    """
    with suppress(OSError):
        fields = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    return None
