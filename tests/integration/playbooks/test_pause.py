# SPDX-License-Identifier: GPL-3.0-or-later
"""A release waits at a step until a person lets it continue, and never overrules one who has returned the traffic."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.scene import eventually
from tests.playing import Played
from tests.sample import Sample

from .shifting import approvals_asked

RETURN = """
- switchyard.bluegreen.traffic_return:
    service: "{{ inventory_hostname }}"
    routes: "{{ bluegreen_routes }}"
    target_groups: "{{ bluegreen_target_groups }}"
"""


def deploy(sample: Sample, pause: dict[str, Any], **variables: Any) -> Played:
    steps = [{"weight": 10, "pause": pause}, {"weight": 100}]
    return sample.open("deploy", bluegreen_release="1.1.0", bluegreen_strategy=steps, **variables)


@pytest.mark.thorough
def test_a_release_that_nobody_approves_is_returned_and_nobody_is_overruled(sample: Sample, tmp_path: Path) -> None:
    hook = tmp_path / "return.yml"
    hook.write_text(RETURN)
    overruled = deploy(sample, {"seconds": 1, "then": "continue"}, bluegreen_hooks={"after_shift": str(hook)})
    assert "splits demo-blue 100 %, expected demo-blue 90 %, demo-green 10 %" in overruled.results[-1]["msg"]

    returned = deploy(sample, {"seconds": 1})
    assert (
        "blue has all traffic. Nobody has approved demo-green-v002 at 10 % within 1 s." in returned.results[-1]["msg"]
    )
    assert (sample.answering(), approvals_asked(sample)) == ({"1.0.0"}, [])
    unasked = sample.open("approve")
    assert "demo waits for no approval" in unasked.messages
    assert unasked.outcomes["demo"]["end_state"] == "refused"


@pytest.mark.thorough
def test_a_release_waits_for_a_person(sample: Sample) -> None:
    with ThreadPoolExecutor() as pool:
        deploying = pool.submit(deploy, sample, {"seconds": 120}, bluegreen_shift_timeout=300)
        eventually(
            lambda: approvals_asked(sample), lambda found: [each.split()[0] for each in found] == ["10"], seconds=100
        )
        assert sample.answering(200) == {"1.0.0", "1.1.0"}
        assert "set bluegreen_approve_weight=10" in sample.open("approve").messages
        approved = sample.open("approve", bluegreen_approve_by="anna", bluegreen_approve_weight=10)
        played = deploying.result()
    assert (approved.changed, played.returncode) == (1, 0), approved.messages + played.messages
    assert approved.outcomes["demo"]["end_state"] == "succeeded"
    assert approved.outcomes["demo"]["message"] == "1.1.0 is approved at 10 %."
    assert (sample.answering(), approvals_asked(sample)) == ({"1.1.0"}, [])
