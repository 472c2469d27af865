# SPDX-License-Identifier: GPL-3.0-or-later
"""One release of a stand-in, under load."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from ..client import LabProcess
from ..load import BackgroundLoad, LoadResult
from .inventory import NotReadyError
from .services import Service

DEPLOY, HISTORY = "switchyard.bluegreen.deploy", "switchyard.bluegreen.history"
TIMEOUT_SECONDS = 3600


@dataclass(frozen=True)
class Released:
    """How a release ended: the end state and the sentence that it left in its record, ``refused`` without a record;
    what users of each route saw. ``log`` is the output of the play, ``page`` shows the release."""

    end_state: str
    message: str
    seconds: float
    loads: tuple[LoadResult, ...]
    log: Path
    page: Path

    @property
    def requests(self) -> int:
        return sum(load.requests for load in self.loads)

    @property
    def failed(self) -> int:
        return sum(load.failed for load in self.loads)


def release(
    lab: LabProcess,
    inventory: str,
    service: Service,
    said: Mapping[str, Any],
    urls: Mapping[str, str],
    rate: float,
    folder: Path,
) -> Released:
    """``deploy.yml`` for this host, with these extra variables, while ``rate`` requests a second arrive at each URL."""
    name = file_name(f"{service.host}-{said['bluegreen_release']}")
    extra, log, page = (folder / f"{name}.{kind}" for kind in ("json", "log", "html"))
    extra.write_text(json.dumps({**said, "history_report": str(page)}, indent=2), encoding="utf-8")
    store = Path(said["bluegreen_store"].removeprefix("file://"))
    known, began = set(_records(store)), time.time()
    command = [_executable(), "-i", inventory, "--limit", service.host, "--extra-vars", f"@{extra}"]
    loads = [BackgroundLoad(url, rate) for url in urls.values()]
    with ExitStack() as stack, log.open("w", encoding="utf-8") as output:
        for load in loads:
            stack.enter_context(load)
        _play(lab, output, *command, DEPLOY)
        _play(lab, output, *command, HISTORY)
    new = [each for each in _records(store) if each not in known]
    record = json.loads(new[-1].read_text(encoding="utf-8")) if new else {}
    end, message = record.get("end_state") or "refused", record.get("message", "")
    return Released(end, message, time.time() - began, tuple(load.result for load in loads), log, page)


def file_name(name: str) -> str:
    return re.sub(r"[^\w.-]", "-", name)


def _play(lab: LabProcess, output: TextIO, *command: str) -> None:
    environment = {**os.environ, **lab.env, "ANSIBLE_NOCOLOR": "1"}
    streams: dict[str, Any] = {"stdout": output, "stderr": subprocess.STDOUT}
    try:
        subprocess.run(command, env=environment, **streams, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        minutes = TIMEOUT_SECONDS // 60
        raise NotReadyError(f"{command[-1]} took longer than {minutes} minutes; see {output.name}.") from None


def _records(store: Path) -> list[Path]:
    """By time."""
    return sorted(store.glob("*/records/*.json"))


def _executable() -> str:
    """Of the environment that the lab is installed in; or else the one on the PATH."""
    beside = Path(sys.executable).parent / "ansible-playbook"
    return str(beside) if beside.exists() else "ansible-playbook"
