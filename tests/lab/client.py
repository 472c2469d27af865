# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab as a subprocess, for tests, the demo and the benchmark."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3

from .settings import REGION

ROOT = Path(__file__).parent.parent.parent
READY = "lab ready "
END_SECONDS = 60.0  # far more than it takes, for a machine that is busy with other tests


class LabProcess:
    """`with LabProcess(speed=20) as lab:`; settings are those of LAB_*, in lower case."""

    def __init__(self, seed: bool = True, **settings: Any) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="lab-")
        self.inventory = Path(settings.pop("inventory", Path(self._scratch.name) / "services.yml"))
        wanted = {"port": 0, **settings, "seed": int(seed), "inventory": self.inventory}
        self._environment = os.environ | {f"LAB_{name.upper()}": str(value) for name, value in wanted.items()}
        self._clients: dict[str, Any] = {}
        self.endpoint = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab", "serve", "--until-eof"],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        said = []
        for line in self._process.stdout:
            said.append(line)
            if line.startswith(READY):
                self.endpoint = line.split()[2]
                return self
        self._scratch.cleanup()
        raise RuntimeError(f"the lab ended with {self._process.wait()} before it was ready: {''.join(said)}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def env(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "lab",
            "AWS_SECRET_ACCESS_KEY": "lab",
            "AWS_DEFAULT_REGION": REGION,
        }

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=REGION,
                aws_access_key_id="lab",
                aws_secret_access_key="lab",
            )
        return self._clients[service]

    def info(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("info")
        return found

    def calls(self, since: float = 0, kind: str | None = None) -> list[dict[str, Any]]:
        return [call for call in self._ask(f"calls?since={since}") if kind in (None, call["kind"])]

    def fault(self, **body: Any) -> None:
        self._ask("fault", json.dumps(body).encode())

    def stop(self) -> None:
        """End the lab, and see that nothing is left of it."""
        if self._process.poll() is not None:
            self._scratch.cleanup()
            return
        pids = self.info()["pids"]
        for client in self._clients.values():
            client.close()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
            self._scratch.cleanup()
        left = [pid for pid in pids if is_alive(pid)]
        assert not left, f"the lab left processes behind: {left}"

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        with urllib.request.urlopen(f"{self.endpoint}/_lab/{path}", body, timeout=30) as answer:
            return json.load(answer)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
