# SPDX-License-Identifier: GPL-3.0-or-later
"""A run acts on its own candidate only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sample import Sample

TAKEN_OVER = """\
- switchyard.bluegreen.environment_mark:
    group: "{{ bluegreen_hook.service.environments.green.group }}"
    mark: run
    value: another-run
  when: bluegreen_hook.step.weight == 100
"""


@pytest.mark.thorough
def test_a_candidate_that_another_run_takes_over_is_left_to_that_run(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    hook = tmp_path / "before_shift.yml"
    hook.write_text(TAKEN_OVER, encoding="utf-8")
    steps = [{"weight": 10, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 0}]
    played = sample.open("deploy", **good | {"bluegreen_strategy": steps}, bluegreen_hooks={"before_shift": str(hook)})
    assert played.returncode != 0
    outcome = played.outcomes["demo"]
    assert outcome["end_state"] == "halted"
    assert "another-run" in outcome["message"]
    status = sample.status()
    assert list(status["weights"].values()) == [90, 10], "the traffic is the other run's"
    assert status["environments"]["green"]["rejected"] is None


TAKEN_BEFORE = """\
- switchyard.bluegreen.environment_mark:
    group: "{{ bluegreen_hook.service.environments.green.group }}"
    mark: run
    value: another-run
"""


@pytest.mark.thorough
def test_what_another_run_has_brought_up_is_neither_shifted_nor_rejected(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    provisioned = sample.open("provision", **good)
    assert provisioned.returncode == 0, provisioned.messages
    hook = tmp_path / "hook.yml"

    hook.write_text("- ansible.builtin.fail: {msg: No licence is left.}\n", encoding="utf-8")
    third = {"bluegreen_release": "1.2.0-bad", "bluegreen_strategy": "all_at_once"}
    failed = sample.open("deploy", **third, bluegreen_hooks={"before_provision": str(hook)})
    assert "No licence is left." in str(failed.messages)
    assert sample.status()["environments"]["green"]["rejected"] is None, "it was not what failed"

    hook.write_text(TAKEN_BEFORE, encoding="utf-8")
    played = sample.open("deploy", **good, bluegreen_hooks={"after_test_traffic": str(hook)})
    assert played.returncode != 0
    assert "is the candidate of another run (another-run), not of this one" in played.outcomes["demo"]["message"]
    status = sample.status()
    assert list(status["weights"].values()) == [100, 0]
    assert status["environments"]["green"]["pinned"] is None
    assert status["environments"]["green"]["rejected"] is None


@pytest.mark.thorough
def test_stable_is_declared_before_the_first_shift(sample: Sample, good: dict[str, Any]) -> None:
    """Once traffic is split, the weights do not say any more which environment is stable."""
    elbv2 = sample.lab.client("elbv2")
    names = list(sample.definition["bluegreen_target_groups"].values())
    arns = [group["TargetGroupArn"] for group in elbv2.describe_target_groups(Names=names)["TargetGroups"]]
    elbv2.remove_tags(ResourceArns=arns, TagKeys=["bluegreen:stable"])
    assert not sample.status()["declared"]
    provisioned = sample.open("provision", **good)
    assert provisioned.returncode == 0, provisioned.messages
    assert (sample.status()["declared"], sample.status()["stable"]) == (True, "blue")

    elbv2.remove_tags(ResourceArns=arns, TagKeys=["bluegreen:stable"])
    swapped = sample.open("swap", **good | {"bluegreen_strategy": [{"weight": 10}, {"weight": 100}]})
    assert swapped.returncode == 0, swapped.messages
    assert (sample.status()["declared"], sample.status()["stable"]) == (True, "green")
