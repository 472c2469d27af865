# SPDX-License-Identifier: GPL-3.0-or-later
"""A day in the life of a service; then history and status say exactly what happened."""

from __future__ import annotations

from typing import Any

from tests.playing import Played
from tests.sample import Sample


def shown(played: Played, task: str) -> list[str]:
    (result,) = [each for each in played.results if each["task"].endswith(task)]
    lines: list[str] = result["msg"]
    return lines


def told(outcomes: list[dict[str, Any]]) -> list[tuple[str, str, str | None, str | None]]:
    return [(each["doing"], each["end_state"], each["from"]["release"], each["to"]["release"]) for each in outcomes]


def test_what_ran_before_is_known_after_the_old_environment_is_gone(sample: Sample, good: dict[str, Any]) -> None:
    sample.set_deregistration_delay(0)
    assert sample.open("deploy", **good, bluegreen_retain_seconds=0).returncode == 0
    status = sample.status()
    assert status["environments"]["blue"]["group"] is None
    assert told(status["outcomes"]) == [("deploy", "succeeded", "1.0.0", "1.1.0")]
    assert any(line.startswith("Last: deploy of 1.1.0 (") for line in shown(sample.open("status"), "Show it"))

    refused = sample.open("rollback")
    assert refused.outcomes["demo"]["end_state"] == "refused"
    image = status["outcomes"][0]["from"]["image_id"]
    assert (
        f"Deploy the previous image instead, 1.0.0 ({image}): ansible-playbook switchyard.bluegreen.deploy -i "
        f"{sample.lab.inventory} --limit demo -e bluegreen_image_id={image} -e bluegreen_release=1.0.0"
    ) in refused.messages
