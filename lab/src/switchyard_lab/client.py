# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab as a subprocess, for tests, the demo and the benchmark."""

from __future__ import annotations

import gc
import json
import os
import signal
import tempfile
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.awsrequest import AWSRequest

from .authority import CERTIFICATE_FILE, Authority
from .iam.users import make_role, make_user
from .processes.forks import FORKS
from .settings import REGION, Settings, environment

END_SECONDS = 60.0  # far more than it takes, for a machine that is busy with other tests


class LabProcess:
    """`with LabProcess(speed=20) as lab:`, with the settings of a lab; its port is any free one. Metrics come without
    lag unless it is given: every release would wait for it."""

    def __init__(self, **settings: Any) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="lab-")
        self.inventory = Path(self._scratch.name) / "services.yml"
        self._settings = Settings(port=0, inventory=self.inventory, **{"metric_lag": 0.0, **settings})
        self._clients: dict[tuple[str, str], Any] = {}

    def __enter__(self) -> Self:
        self._line, far_end = FORKS.Pipe()
        self._process = FORKS.Process(target=_serve, args=(self._settings, far_end))
        try:
            self._process.start()
            far_end.close()
            self.env: dict[str, str] = self._line.recv()
        except EOFError:
            self._end()
            raise RuntimeError("the lab ended before it was ready; its traceback is on standard error") from None
        except BaseException:  # Ctrl-C
            far_end.close()
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        return self.env["AWS_ENDPOINT_URL"]

    def user(self, name: str, *policies: Mapping[str, Any]) -> dict[str, str]:
        """The environment of a client that may do what these policies allow."""
        return environment(self.endpoint, make_user(self.client("iam"), name, *policies))

    def role(self, name: str, *policies: Mapping[str, Any], account: str = "") -> str:
        """The ARN of a role that may do what these policies allow, and that anybody may take on."""
        return make_role(self.client("iam", account), name, *policies)

    @property
    def ca_path(self) -> Path:
        """The certificate of the authority that signs what its load balancers present."""
        return self._settings.authority / CERTIFICATE_FILE

    @property
    def authority(self) -> Authority:
        """To sign certificates for an import into ACM; those that ACM issues are signed by it already."""
        return Authority.load(self._settings.authority)

    @property
    def options(self) -> dict[str, str]:
        """The options by which a module asks it, where two labs are asked at the same time."""
        return {"endpoint_url": self.endpoint, "region": REGION, "access_key": "lab", "secret_key": "lab"}

    def client(self, service: str, account: str = "") -> Any:
        """Of the administrator, in the lab's own account or another."""
        if (service, account) not in self._clients:
            client = self._clients[service, account] = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=REGION,
                aws_access_key_id="lab",
                aws_secret_access_key="lab",
            )
            if account:
                client.meta.events.register("before-sign", partial(_enter, account))
        return self._clients[service, account]

    def info(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("info")
        return found

    @property
    def dns(self) -> str:
        """Where its name server answers: address and port."""
        return str(self.info()["dns"])

    def calls(self, since: float = 0, kind: str | None = None) -> list[dict[str, Any]]:
        return [call for call in self._ask(f"calls?since={since}") if kind in (None, call["kind"])]

    def fault(self, **body: Any) -> None:
        self._ask("fault", json.dumps(body).encode())

    def start(self, **seconds: float) -> None:
        """By access key: how long after all of them have made their first call it is answered."""
        self._ask("start", json.dumps(seconds).encode())

    def stop(self) -> None:
        """End the lab, and see that nothing is left of it."""
        processes = born(self.info()["pids"] if self._process.is_alive() else [])
        for client in self._clients.values():
            client.close()
        self._end()
        left = still_there(processes)
        assert not left, f"the lab left processes behind: {left}"

    def _end(self) -> None:
        """The lab ends with the line to it."""
        self._line.close()
        try:
            if self._process.pid:  # else the fork server had not told of it yet
                self._process.join(END_SECONDS)
        finally:
            if self._process.pid:
                self._process.kill()
                self._process.join()
            self._scratch.cleanup()

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        with urllib.request.urlopen(f"{self.endpoint}/_lab/{path}", body, timeout=30) as answer:
            return json.load(answer)


def _enter(account: str, request: AWSRequest, **_more: Any) -> None:
    """moto's way into an account of which nobody has keys."""
    request.headers["x-moto-account-id"] = account


def _serve(settings: Settings, line: Connection) -> None:
    """A lab, until the other end of the line closes with our parent, however it dies."""
    from .lab import Lab

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; our parent ends us in its own order
    gc.freeze()  # what the fork server has imported is not garbage
    if line.poll():  # our parent does not want a lab any more
        return
    with Lab(settings) as lab:
        lab.start()
        with suppress(EOFError, BrokenPipeError):
            line.send(lab.environment)
            line.recv()


def born(pids: Iterable[int]) -> dict[int, str]:
    """When each of these that is there began, in ticks since the machine did (proc_pid_stat(5), starttime)."""
    found = {}
    for pid in pids:
        with suppress(OSError):  # it has ended
            found[pid] = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    return found


def still_there(processes: Mapping[int, str]) -> list[int]:
    """Those of ``born`` that have not ended. The number of one that has may be another's by now."""
    return [pid for pid, began in born(processes).items() if began == processes[pid]]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
