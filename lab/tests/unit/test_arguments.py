# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands take for a rate and a speed."""

from __future__ import annotations

import pytest

from switchyard_lab.load.__main__ import main as load
from switchyard_lab.rehearsal.command import main as rehearse


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "fast"])
@pytest.mark.parametrize("option", ["--rate", "--speed"])
def test_a_rehearsal_needs_a_rate_and_a_speed_above_zero(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        rehearse(["services.yml", f"{option}={value}"])
    assert ended.value.code == 2
    assert f"argument {option}: {value} is not a number above 0" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--rate", "--seconds"])
def test_a_load_needs_a_rate_and_a_duration_above_zero(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        load(["http://127.0.0.1:1/", f"{option}=0"])
    assert f"argument {option}: 0 is not a number above 0" in capsys.readouterr().err
