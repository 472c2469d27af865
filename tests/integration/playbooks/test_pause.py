# SPDX-License-Identifier: GPL-3.0-or-later
"""A release waits at a step until a person lets it go on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.integration.lab.scene import eventually
from tests.sample import Sample


def pausing(seconds: int) -> dict[str, Any]:
    pause = {"seconds": seconds, "then": "rollback"}
    return {"bluegreen_release": "1.1.0", "bluegreen_strategy": [{"weight": 10, "pause": pause}, {"weight": 100}]}


def asked(sample: Sample) -> list[str]:
    groups = sample.lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return [tag["Value"] for group in groups for tag in group["Tags"] if tag["Key"] == "bluegreen:approval"]


def test_a_release_goes_on_when_it_is_approved_and_is_returned_when_nobody_does(sample: Sample) -> None:
    refused = sample.open("deploy", **pausing(1))
    assert "blue has the whole traffic. Nobody has approved 1.1.0 at 10 % within 1 s." in refused.results[-1]["msg"]
    assert sample.answering() == {"1.0.0"}
    assert asked(sample) == []
    assert "demo waits for no approval" in sample.open("approve").messages

    with ThreadPoolExecutor() as pool:
        deploying = pool.submit(sample.open, "deploy", **pausing(120), bluegreen_shift_timeout=300)
        eventually(lambda: asked(sample), lambda found: [each.split()[0] for each in found] == ["10"], seconds=100)
        assert sample.answering(200) == {"1.0.0", "1.1.0"}
        approved = sample.open("approve", bluegreen_approve_by="anna")
        played = deploying.result()
    assert (approved.changed, played.returncode) == (1, 0), approved.messages + played.messages
    assert sample.answering() == {"1.1.0"}
    assert asked(sample) == []
