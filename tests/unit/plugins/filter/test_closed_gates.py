# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
FREEZE = {"reason": "Stock-taking", "by": None, "until": None}


def closed(windows: Any, phase: str = "provisioned", frozen: dict[str, Any] | None = None) -> Any:
    service = {"service": "web", "phase": phase, "frozen": frozen}
    template = trust_as_template("{{ service | switchyard.bluegreen.closed_gates(windows) }}")
    return Templar(DataLoader(), {"service": service, "windows": windows}).template(template)


def closed_today() -> list[dict[str, Any]]:
    """Neither today nor, should midnight pass meanwhile, tomorrow."""
    return [{"days": [DAYS[(datetime.now(UTC) + timedelta(days=3)).weekday()]]}]


def test_an_open_gate_says_nothing() -> None:
    assert closed([]) == []
    assert closed([{"days": DAYS}]) == []


def test_each_closed_gate_is_told() -> None:
    freeze, window = closed(closed_today(), frozen=FREEZE)
    assert freeze == "web is frozen: Stock-taking. Lift the freeze with unfreeze.yml."
    assert window.startswith("web may be released in its windows only")


def test_a_shift_that_is_under_way_may_be_finished_after_hours_but_not_in_a_freeze() -> None:
    assert closed(closed_today(), "shifting") == []
    assert len(closed([], "shifting", FREEZE)) == 1


def test_windows_that_are_none_are_an_error_for_people() -> None:
    with pytest.raises(AnsibleError, match="closed_gates: Window 1: it has no day"):
        closed([{"day": ["mon"]}])
