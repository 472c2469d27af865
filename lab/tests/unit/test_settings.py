# SPDX-License-Identifier: GPL-3.0-or-later
"""LAB_* variables and the clock that they set."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from switchyard_lab.__main__ import serve
from switchyard_lab.clock import Clock
from switchyard_lab.settings import Settings


def test_an_empty_environment_means_the_defaults() -> None:
    assert Settings.from_environment({"LAB_NET": ""}) == Settings()


def test_a_variable_of_another_tool_is_none_of_its_business() -> None:
    assert Settings.from_environment({"LAB_HOST": "gitlab", "LAB_TOKEN": "secret"}) == Settings()


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


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("LAB_SPEED", "0", "0 is not a number above 0"),
        ("LAB_LATENCY_MS", "nan", "nan is not 0 or a number above it"),
        ("LAB_METRIC_LAG", "-5", "-5 is not 0 or a number above it"),
        ("LAB_PORT", "80a", "80a is not a whole number from 0 to 65535"),
        ("LAB_VCPUS", "8" * 5000, "888"),
        ("LAB_NET", "300", "300 is not a whole number from 10 to 99"),
        ("LAB_SEED", "no", "no is neither 0 nor 1"),
        ("LAB_POLICY", "nowhere.json", "nowhere.json is not a file"),
        ("LAB_SERVICES", "shop:mx", "shop:mx is not a name"),
        ("LAB_SERVICES", "shop, shop:alias", "shop is named twice"),
        ("LAB_SPED", "20", " is no setting of the lab; LAB_SPEED is"),
    ],
)
def test_what_cannot_be_used_is_named(variable: str, value: str, said: str) -> None:
    with pytest.raises(ArgumentTypeError, match=f"^{variable}:? ?{re.escape(said)}"):
        Settings.from_environment({variable: value})


def test_a_lab_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LAB_SPEED", "fast")
    with pytest.raises(SystemExit) as ended:
        serve([])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith("error: LAB_SPEED: fast is not a number above 0\n")


def test_speed_divides_every_interval() -> None:
    clock = Clock(speed=20)
    assert clock.real(30) == 1.5
    assert clock.passed(clock.now() - 1.6, 30)
    assert not clock.passed(clock.now() - 1.4, 30)
