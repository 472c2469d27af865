# SPDX-License-Identifier: GPL-3.0-or-later
"""A day in the life of a service; then history and status say exactly what happened."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.durations import spoken

from switchyard_lab.load import BackgroundLoad
from tests.playing import Played
from tests.sample import Sample

from .interrupting import LONG, interrupt_at
from .retaining import RETAINED, await_due

STEPS = [{"weight": 10, "bake_seconds": 30}, {"weight": 100, "bake_seconds": 0}]

BAD_DEPLOY, DEPLOY = ("deploy", "rolled_back", "1.0.0", "1.2.0-bad"), ("deploy", "succeeded", "1.0.0", "1.1.0")
ROLLBACK = ("rollback", "rolled_back", "1.1.0", "1.0.0")
DAY = [
    BAD_DEPLOY,
    ("deploy", None, "1.0.0", "1.1.0"),
    DEPLOY,
    ROLLBACK,
    ("deploy", "refused", None, "1.1.0"),
    DEPLOY,
    ("teardown", "succeeded", "1.1.0", None),
    ("rollback", "refused", None, None),
]


def shown(played: Played) -> list[str]:
    (result,) = [each for each in played.results if each["task"].endswith("Show the result")]
    lines: list[str] = result["msg"]
    return lines


def ends(runs: list[dict[str, Any]]) -> list[tuple[str, str | None, str | None, str | None]]:
    """The first one first."""
    return [
        (each["doing"], each["end_state"], each["from"]["release"], each["to"]["release"]) for each in reversed(runs)
    ]


def redeploy(played: Played) -> dict[str, Any]:
    """The variables of the command that a refused rollback shows."""
    (command,) = set(re.findall(r"ansible-playbook switchyard\.bluegreen\.deploy .*", played.messages))
    words = shlex.split(command)
    return dict(word.split("=", 1) for word in words if word.startswith("bluegreen_"))


@pytest.mark.thorough
def test_what_ran_before_is_known_after_the_old_environment_is_gone(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    sample.set_deregistration_delay(0)
    assert sample.open("deploy", **good, bluegreen_retain_seconds=0).returncode == 0
    status = sample.status()
    assert status["environments"]["blue"]["group"] is None
    assert ends(status["outcomes"]) == [("deploy", "succeeded", "1.0.0", "1.1.0")]
    assert any(line.startswith("Last: deploy of 1.1.0 (") for line in shown(sample.open("status")))

    report = tmp_path / "report.html"
    assert [sample.open("history", history_report=str(report)).changed for _time in range(2)] == [1, 0]
    assert "demo deploy of 1.1.0: succeeded" in report.read_text()

    refused = sample.open("rollback")
    assert refused.outcomes["demo"]["end_state"] == "refused"
    image = status["outcomes"][0]["from"]["image_id"]
    assert (
        f"Deploy the previous image instead, 1.0.0 ({image}): ansible-playbook switchyard.bluegreen.deploy -i "
        f"{sample.lab.inventory} --limit demo -e bluegreen_image_id={image} -e bluegreen_release=1.0.0"
    ) in refused.messages


@pytest.mark.thorough
def test_a_day_in_the_life(sample: Sample, good: dict[str, Any], tmp_path: Path) -> None:
    sample.set_deregistration_delay(0)
    stored = {"bluegreen_store": f"file://{tmp_path}"}

    def end(door: str, **variables: Any) -> str:
        return str(sample.open(door, **stored, **variables).outcomes["demo"]["end_state"])

    with BackgroundLoad(sample.url, rate=100):
        assert end("deploy", bluegreen_release="1.2.0-bad", bluegreen_strategy=STEPS) == "rolled_back"
    _dies_in_its_bake(sample, good, stored)
    assert end("deploy", **good) == "succeeded"
    assert end("rollback") == "rolled_back"
    assert sample.open("freeze", bluegreen_freeze_reason="Stock-taking").returncode == 0
    assert end("deploy", **good) == "refused"
    assert sample.open("unfreeze").returncode == 0
    assert end("deploy", **good, bluegreen_retain_seconds=RETAINED, bluegreen_override="users wait") == "succeeded"
    await_due(sample.status())
    assert end("teardown") == "succeeded"
    back = sample.open("rollback", **stored)
    assert back.outcomes["demo"]["end_state"] == "refused"

    history = sample.open("history", **stored)
    found = history.outcomes["demo"]
    assert ends(found["runs"]) == DAY
    figures = found["figures"]
    assert (figures["deployments"], figures["failed"]) == (3, 2)
    assert figures["restore_seconds"] < 60
    assert "Change failure rate: 66.7 %, 2 of 3." in shown(history)

    bad = found["runs"][-1]["run"]
    _failed_by_its_alarm(sample, stored, bad)
    _goes_into_a_page(sample, {**stored, "history_run": bad}, tmp_path / "report.html")

    without = sample.open("history")  # the tags
    assert ends(without.outcomes["demo"]["runs"])[:4] == [BAD_DEPLOY, DEPLOY, ROLLBACK, DEPLOY]
    assert any(line.startswith("Last: teardown") for line in shown(sample.open("status", **stored)))

    again = redeploy(back)
    assert again["bluegreen_release"] == "1.0.0"
    assert end("deploy", **again, bluegreen_strategy="all_at_once") == "succeeded"
    assert sample.stable_release() == "1.0.0"


def _dies_in_its_bake(sample: Sample, good: dict[str, Any], stored: dict[str, Any]) -> None:
    interrupt_at(sample, {**good, **stored}, 10)
    dead = sample.open("history", **stored).outcomes["demo"]["runs"][0]
    assert (dead["end_state"], dead["alive"]) == (None, False)
    assert shown(sample.open("history", **stored, history_run=dead["run"]))[-1].endswith(
        f"shift green to 10 %, bake {spoken(LONG)}, has begun and has not ended."
    )


def _failed_by_its_alarm(sample: Sample, stored: dict[str, Any], run: str) -> None:
    bad = sample.open("history", **stored, history_run=run)
    stages = bad.outcomes["demo"]["record"]["stages"]
    failed = next(each for each in stages if each.get("verdict") == "fail")
    assert failed["title"] == "shift green to 10 %, bake 30 s"
    assert "demo-green-5xx" in json.dumps(failed["reasons"])
    assert next(each for each in stages if "moves" in each)["moves"][-1]["weight"] == 100
    assert any("demo-green-5xx" in line for line in shown(bad))


def _goes_into_a_page(sample: Sample, asked: dict[str, Any], page: Path) -> None:
    asked = {**asked, "history_report": str(page)}
    assert sample.open("history", "--check", **asked).changed == 1
    assert not page.exists()
    assert sample.open("history", **asked).changed == 1
    assert all(word in page.read_text() for word in ("Rolled back", "demo-green-5xx", "Weights over time"))
