# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes reach the data plane in order, each after the whole delay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from switchyard_lab.clock import Clock
from switchyard_lab.control.propagation import Propagation


@dataclass(frozen=True)
class HandClock(Clock):
    """Continues when told to."""

    hands: list[float] = field(default_factory=lambda: [0.0])

    def now(self) -> float:
        return self.hands[0]

    def go_on(self, seconds: float) -> None:
        self.hands[0] += seconds


def config(port: int) -> dict[str, Any]:
    return {"groups": {}, "listeners": {f"127.110.0.1:{port}": {}}}


def test_without_a_delay_a_change_is_sent_at_once() -> None:
    sent: list[dict[str, Any]] = []
    propagation = Propagation(HandClock(), 0, sent.append)
    propagation.publish(config(1))
    assert sent == [{"op": "config", "generation": 1, **config(1)}]


def test_changes_wait_for_the_delay_in_their_order() -> None:
    sent: list[dict[str, Any]] = []
    clock = HandClock(speed=2)
    propagation = Propagation(clock, 2, sent.append)
    propagation.publish(config(1))
    clock.go_on(0.9)
    propagation.publish(config(2))
    assert propagation.latest == config(2)
    assert sent == []
    clock.go_on(0.1)
    propagation.send_due()
    assert [message["generation"] for message in sent] == [1]
    clock.go_on(0.9)
    propagation.send_due()
    assert [message["generation"] for message in sent] == [1, 2]
