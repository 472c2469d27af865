# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks on environments: written, read by service_info's returns, taken back."""

from __future__ import annotations

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo


@pytest.fixture
def group(scene: Scene) -> str:
    return Demo(scene).group(0, "green")


def test_a_mark_is_written_kept_and_removed(ask: Ask, group: str, made: Made) -> None:
    asked = {"group": group, "mark": "rejected", "value": "Alarm rang, twice."}
    made()
    assert ask("environment_mark", check=True, **asked)["changed"]
    assert made("write") == []
    first = ask("environment_mark", **asked)
    assert (first["changed"], first["rejected"]["reason"]) == (True, "Alarm rang, twice.")
    assert first["diff"]["before"]["rejected"] is None
    again = ask("environment_mark", **asked)
    assert (again["changed"], again["rejected"]) == (False, first["rejected"]), "it keeps the time of the first"
    ask("environment_mark", group=group, mark="run", value="r-1")
    gone = ask("environment_mark", group=group, mark="rejected", state="absent")
    assert (gone["changed"], gone["rejected"], gone["run"]) == (True, None, "r-1")
    assert not ask("environment_mark", group=group, mark="rejected", state="absent")["changed"]


def test_what_cannot_be_marked_is_refused(ask: Ask, group: str, made: Made) -> None:
    made()
    assert "There is no Auto Scaling group gone" in ask("environment_mark", group="gone", mark="run", value="r")["msg"]
    assert "needs a value" in ask("environment_mark", group=group, mark="rejected", value=" ")["msg"]
    assert made("write") == []
