# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the schedules of EventBridge Scheduler that are due: the calls go over the wire, as everybody's do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from moto.scheduler.models import scheduler_backends

from ..aws.scheduler.backend import Due, LabScheduler
from ..clock import Clock
from ..settings import REGION
from .control import Control
from .ticking import Ticking

TICK_SECONDS = 0.2
FIRST_PAUSE = 2.0  # before a call is tried again; then twice as long each time ("exponential backoff", RetryPolicy)
AGENT = "AmazonEventBridgeScheduler"


class Invocations(Ticking):
    """Each in a thread of its own."""

    def __init__(self, endpoint: str, control: Control, clock: Clock) -> None:
        self._endpoint, self._control, self._clock = endpoint, control, clock
        super().__init__("invocations", TICK_SECONDS)

    def tick(self) -> None:
        with self._control.lock:
            found = [(backend, due) for backend in _backends() for due in backend.due()]
        for backend, due in found:
            threading.Thread(target=self._invoke, args=(backend, due), daemon=True).start()

    def _invoke(self, backend: LabScheduler, due: Due) -> None:
        for pause in self._pauses(due):
            if self._call(due) or self._ended.wait(pause):
                break
        with self._control.lock:
            backend.completed(due)

    def _pauses(self, due: Due) -> Iterator[float]:
        """One for each attempt, until there are no more or the event is too old; both are of the schedule's policy."""
        pause = FIRST_PAUSE
        for _attempt in range(due.attempts + 1):
            if self._clock.passed(due.since, due.age):
                return
            yield self._clock.real(pause)
            pause *= 2

    def _call(self, due: Due) -> bool:
        """Whether it is over. What a role may not do, or the service refuses as wrong, will be no better later."""
        if not due.allowed:
            return True
        name = due.target.operation
        client = boto3.client(
            due.target.service,
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id="lab",
            aws_secret_access_key="lab",
            config=Config(retries={"total_max_attempts": 1}, user_agent=AGENT),
        )
        methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
        try:
            getattr(client, methods[name])(**due.target.request)
        except ClientError as error:
            code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
            return status < 500 and "Throttl" not in code
        except BotoCoreError:
            return False
        return True


def _backends() -> Iterator[LabScheduler]:
    for _account, _region, backend in scheduler_backends.iter_backends():
        yield cast(LabScheduler, backend)
