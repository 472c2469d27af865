# SPDX-License-Identifier: GPL-3.0-or-later
"""A release with a return role, from its beginning to its end, whatever that is."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import eventually
from tests.integration.policies import limited
from tests.integration.returning import make_group, make_role, schedules
from tests.sample import Sample

from .interrupting import interrupt_at, weight_of_green

AFTER = 180
STEPS = [{"weight": 10, "bake_seconds": 1}, {"weight": 100, "bake_seconds": 1}]


@pytest.fixture
def given(sample: Sample, good: dict[str, Any]) -> dict[str, Any]:
    make_group(sample.lab)
    return good | {"bluegreen_return_role": make_role(sample.lab), "bluegreen_return_after": AFTER}


@pytest.mark.thorough
def test_a_release_leaves_no_schedule_and_needs_what_the_policies_allow(
    sample: Sample, given: dict[str, Any], tmp_path: Path
) -> None:
    """Armed and, for the hook, pushed on at each step; at the second one it is there already."""
    began, hook = time.time(), tmp_path / "hook.yml"
    hook.write_text("- ansible.builtin.debug: {msg: a while}\n")
    more = {"bluegreen_strategy": STEPS, "bluegreen_hooks": {"after_shift": str(hook)}}
    releaser = replace(sample, env=limited(sample.lab, "deploy", "with-return"))
    released = releaser.open("deploy", **given | more)
    assert released.returncode == 0, released.messages
    ours = [call for call in sample.lab.calls(began) if "switchyard.bluegreen" in call["user_agent"]]
    made = [call["operation"] for call in ours if "Schedule" in call["operation"] and call["kind"] == "write"]
    first, second = ["CreateSchedule", "UpdateSchedule"], ["CreateSchedule", "UpdateSchedule", "UpdateSchedule"]
    assert made == [*first, *second, "DeleteSchedule"]
    assert schedules(sample.lab) == []


@pytest.mark.thorough
def test_one_that_is_rolled_back_leaves_none(sample: Sample, given: dict[str, Any]) -> None:
    steps = [{"weight": 10, "bake_seconds": 30}, {"weight": 100, "bake_seconds": 30}]
    with BackgroundLoad(sample.url, rate=100):
        failed = sample.open("deploy", **given | {"bluegreen_release": "1.2.0-bad", "bluegreen_strategy": steps})
    assert failed.outcomes["demo"]["end_state"] == "rolled_back"
    assert schedules(sample.lab) == []


@pytest.mark.thorough
def test_one_that_pauses_leaves_none(sample: Sample, given: dict[str, Any]) -> None:
    """A pause at a split, for want of evidence: nobody gives a sign of life any more, and that is as it should be."""
    more = {"bluegreen_strategy": STEPS, "bluegreen_inconclusive": "pause", "bluegreen_metrics": [{"name": "errors"}]}
    paused = sample.open("deploy", **given | more)
    assert paused.outcomes["demo"]["end_state"] == "paused", paused.messages
    assert (weight_of_green(sample), schedules(sample.lab)) == (10, [])


@pytest.mark.thorough
def test_rollback_deletes_what_a_dead_run_has_armed(sample: Sample, given: dict[str, Any]) -> None:
    """A run that has nothing to do deletes nothing: another one may live."""
    interrupt_at(sample, given, 10)
    idle = sample.open("teardown", bluegreen_return_role=given["bluegreen_return_role"])
    assert idle.outcomes["demo"]["end_state"] == "unchanged", idle.messages
    assert len(schedules(sample.lab)) == 1
    returned = sample.open("rollback", bluegreen_return_role=given["bluegreen_return_role"])
    assert returned.returncode == 0, returned.messages
    assert (weight_of_green(sample), schedules(sample.lab)) == (0, [])


@pytest.mark.thorough
def test_who_does_not_continue_a_split_leaves_what_a_dead_run_has_armed(sample: Sample, given: dict[str, Any]) -> None:
    interrupt_at(sample, given, 10)
    for playbook in ("provision", "verify"):
        refused = sample.open(playbook, **given)
        assert refused.outcomes["demo"]["end_state"] == "refused", refused.messages
    assert (weight_of_green(sample), len(schedules(sample.lab))) == (10, 1)
    assert sample.status()["lease"]["alive"] is False


@pytest.mark.thorough
def test_aws_returns_the_traffic_of_a_release_whose_family_was_killed(sample: Sample, given: dict[str, Any]) -> None:
    with BackgroundLoad(sample.url, rate=5) as load:
        interrupt_at(sample, given, 10)
        killed = time.time()
        eventually(lambda: weight_of_green(sample), lambda weight: weight != 10, AFTER + 60)
        taken = time.time() - killed
        assert AFTER - 90 < taken < AFTER + 60
        eventually(sample.answering, lambda found: found == {"1.0.0"})  # changes take a moment to reach users
        assert sample.status()["phase"] == "provisioned"
        eventually(lambda: schedules(sample.lab), lambda left: left == [])
        finished = sample.open("deploy", **given | {"bluegreen_strategy": STEPS})
    assert finished.returncode == 0, finished.messages
    assert (sample.answering(), sample.status()["phase"]) == ({"1.1.0"}, "settled")
    assert schedules(sample.lab) == []
    assert load.result.failed == 0, load.result.failures[:5]
