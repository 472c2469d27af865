# SPDX-License-Identifier: GPL-3.0-or-later
"""LAB_* variables and the clock that they set."""

from __future__ import annotations

from pathlib import Path

from switchyard_lab.clock import Clock
from switchyard_lab.settings import Settings


def test_an_empty_environment_means_the_defaults() -> None:
    assert Settings.from_environment({"LAB_NET": ""}) == Settings()


def test_every_variable_is_read() -> None:
    environment = {
        "LAB_PORT": "0",
        "LAB_SPEED": "20",
        "LAB_METRIC_LAG": "120",
        "LAB_TOKEN_SECONDS": "30",
        "LAB_LATENCY_MS": "50",
        "LAB_PROPAGATION_MS": "2000",
        "LAB_STALE_MS": "1500",
        "LAB_POLICY": "docs/iam/deploy.json",
        "LAB_SEED": "0",
        "LAB_NET": "42",
        "LAB_INVENTORY": "/somewhere/services.yml",
    }
    assert Settings.from_environment(environment) == Settings(
        port=0,
        speed=20,
        metric_lag=120,
        token_seconds=30,
        latency_ms=50,
        propagation_ms=2000,
        stale_ms=1500,
        policy=Path("docs/iam/deploy.json"),
        seed=False,
        net=42,
        inventory=Path("/somewhere/services.yml"),
    )


def test_speed_divides_every_interval() -> None:
    clock = Clock(speed=20)
    assert clock.real(30) == 1.5
    assert clock.passed(clock.now() - 1.6, 30)
    assert not clock.passed(clock.now() - 1.4, 30)
