# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/lab.md, as somebody follows it: its commands in their order, in two terminals."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator

import pytest

from switchyard_lab.client import LabProcess
from tests.playing import BIN, ROOT

PAGE = (ROOT / "docs/lab.md").read_text(encoding="utf-8")
SERVE, *BLOCKS = re.findall(r"^```shell\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PORT = "5005"
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "ANSIBLE_NOCOLOR": "1"}


@pytest.fixture
def port() -> Iterator[str]:
    """Of the lab that the page's first command starts. It is ready when the test begins, and ended by Ctrl-C."""
    with LabProcess(seed=False) as other:  # a port that was free a moment ago
        free = other.endpoint.rpartition(":")[2]
    started = {"cwd": ROOT, "stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(["bash", "-c", SERVE], env=ENVIRONMENT | {"LAB_PORT": free}, **started) as lab:
        assert any(line.startswith("lab ready") for line in lab.stdout or ())
        yield free
        os.killpg(lab.pid, signal.SIGINT)
        lab.communicate(timeout=60)


@pytest.mark.thorough
def test_its_commands_lead_from_a_lab_to_a_release_that_is_taken_back(port: str) -> None:
    """The load goes to the background, for it has a terminal of its own. The release that is bad must fail."""
    script = "\n".join(BLOCKS).replace(PORT, port)
    background = r"\1 > build/lab/load.txt & trap 'kill $!' EXIT"
    script = re.sub(r"^(switchyard-lab load .*)$", background, script, flags=re.MULTILINE)
    script = re.sub(r"^(play .*1\.2\.0-bad)$", r"if \1; then exit 3; fi", script, flags=re.MULTILINE)
    command = ["bash", "-O", "expand_aliases", "-euc", script]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=280, check=False)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "demo is released: green runs 1.1.0" in output
    assert "demo-green-5xx is in ALARM" in output
    seen = (ROOT / "build/lab/load.txt").read_text(encoding="utf-8")
    assert all(release in seen for release in ("1.0.0", "1.1.0", "1.2.0-bad"))
