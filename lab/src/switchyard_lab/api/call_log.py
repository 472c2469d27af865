# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that were answered, for GET /_lab/calls."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from ..iam.policy import Question

KEPT_CALLS = 100_000


@dataclass(frozen=True)
class Call:
    time: float
    service: str
    operation: str
    kind: str
    status: int
    user_agent: str
    asked: Sequence[Question] = ()  # of the policies of its caller, if they are enforced


class CallLog:
    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT_CALLS)

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def since(self, time: float) -> list[Call]:
        return [call for call in list(self._calls) if call.time >= time]
