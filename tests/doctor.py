# SPDX-License-Identifier: GPL-3.0-or-later
"""What this machine lacks for the lab and for development: ``make doctor``. It needs nothing but Python."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

LAB_PORT = 5005
VENV = Path(".venv")
OPTIONAL = {
    "chromium": "no test looks at the report of a release in a browser",
    "java": "rulebooks are checked against their schema only",
}
SET_UP = {
    "lab": "packages of the lab: make demo installs them",
    "ready": "tools for development: make setup installs them",
}


def findings() -> Iterator[tuple[bool, str, str]]:
    """Whether it is there, what it is, and what to do or what is left out."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"Python {version}", "make PYTHON=python3.12, or install Python 3.11 or later"
    has_venv = all(importlib.util.find_spec(name) for name in ("ensurepip", "venv"))
    yield has_venv, "Python's venv", "install the package python3-venv"
    for command in ("git", "make"):
        yield shutil.which(command) is not None, command, f"install {command}"
    yield (
        can_bind("127.110.0.1", 0),
        "addresses of 127.0.0.0/8",
        "the lab needs them all: on macOS, use a Linux machine",
    )
    port = int(os.environ.get("LAB_PORT", LAB_PORT))
    yield can_bind("127.0.0.1", port), f"port {port} for make lab", "end what uses it, or make lab LAB_PORT=5006"


def can_bind(address: str, port: int) -> bool:
    with socket.socket() as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            own.bind((address, port))
        except OSError:
            return False
    return True


def is_current(stamp: Path) -> bool:
    return stamp.exists() and stamp.stat().st_mtime >= Path("pyproject.toml").stat().st_mtime


def main() -> int:
    found = list(findings())
    for is_there, what, advice in found:
        print(f"{'ok     ' if is_there else 'MISSING'}  {what}{'' if is_there else ': ' + advice}")
    for command, consequence in OPTIONAL.items():
        if not shutil.which(command):
            print(f"without  {command}: {consequence}")
    for stamp, advice in SET_UP.items():
        if not is_current(VENV / stamp):
            print(f"later    {advice}")
    return 0 if all(is_there for is_there, _what, _advice in found) else 1


if __name__ == "__main__":
    sys.exit(main())
