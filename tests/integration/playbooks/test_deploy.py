# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy.yml under load."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import groupby
from typing import Any

from switchyard_lab.load import BackgroundLoad
from tests.integration.policies import limited
from tests.sample import Sample

Variables = dict[str, Any]
STEPS = {"bluegreen_strategy": [{"weight": weight, "bake_seconds": 2} for weight in (10, 50, 100)]}
POLLS = {
    "DescribeTargetHealth",
    "GetMetricData",
    "DescribeAlarms",
    "DescribeAutoScalingGroups",
    "DescribeScalingActivities",
}


def test_check_mode_writes_nothing_and_shows_the_shifts(sample: Sample, good: Variables) -> None:
    since = time.time()
    played = sample.open("deploy", "--check", "--diff", **good | STEPS, bluegreen_stickiness_seconds=600)
    assert played.returncode == 0, played.messages
    assert sample.lab.calls(since, kind="write") == []
    (diffs,) = [result["diff"] for result in played.results if result["task"].endswith(": Plan the release")]
    shifts = [
        (diff["before"]["weights"]["green"], diff["after"]["weights"]["green"])
        for diff in diffs
        if "weights" in diff["after"]
    ]
    assert shifts == [(0, 10), (10, 50), (50, 100)], "each step begins where the one before has ended"
    assert {diff["after"]["stickiness_seconds"] for diff in diffs if "weights" in diff["after"]} == {600}
    assert "demo-green-v002" in [diff["after"].get("group") for diff in diffs]


def test_a_good_release_fails_no_request_and_its_second_run_changes_nothing(sample: Sample, good: Variables) -> None:
    """Also while the old environment is drained and removed in the same run (nothing is retained here).

    Time runs 20 times as fast in the lab, but not for requests: of these 60 s, they have three to finish.
    """
    sample.set_deregistration_delay(60)
    sample = replace(sample, env=limited(sample.lab, "deploy"))
    since = time.time()
    with BackgroundLoad(sample.url, rate=100) as load:
        played = sample.open("deploy", **good | STEPS, bluegreen_retain_seconds=0)
    assert played.returncode == 0, played.messages
    assert load.result.failed == 0, load.result.failures[:5]
    assert sample.answering() == {"1.1.0"}
    status = sample.status()
    assert (status["stable"], status["phase"], status["environments"]["blue"]["group"]) == ("green", "settled", None)
    calls = sample.lab.calls(since)
    removed = next(call["time"] for call in calls if call["operation"] == "DeleteAutoScalingGroup")
    after = load.result.timeline[int(removed - load.result.started) + 1 :]
    assert not any(second.releases["1.0.0"] for second in after), "an instance answered that was being terminated"
    check_calls(calls)

    since = time.time()
    again = sample.open("deploy", **good | STEPS)
    assert (again.returncode, again.changed) == (0, 0), again.messages
    assert sample.lab.calls(since, kind="write") == []


def check_calls(made: list[dict[str, Any]]) -> None:
    """Those of a whole cycle are counted, so that growth is noticed.

    Polls depend on time, and so does how often a read is repeated: only what is called once per deed is counted here.
    """
    calls = [call["operation"] for call in made]
    drains = calls.index("DetachTrafficSources")  # whether the old environment is in use again is asked all along
    calls[drains:] = calls[calls.index("UpdateAutoScalingGroup", drains) :]
    once = [operation for operation, _repeated in groupby(each for each in calls if each not in POLLS)]
    assert len(once) <= 98  # 92 or so, by the order of what runs side by side; 12 of them are the lease's
    assert calls.count("ModifyListener") == 4  # the test route, and three steps
    assert calls.count("CreateAutoScalingGroup") == calls.count("CreateLaunchTemplateVersion") == 1


def test_a_bad_release_is_turned_back_and_the_alarm_is_named(sample: Sample) -> None:
    """It passes its health check and fails 30 % of its requests."""
    steps = [{"weight": 10, "bake_seconds": 30}, {"weight": 100, "bake_seconds": 30}]
    with BackgroundLoad(sample.url, rate=100) as load:
        played = sample.open("deploy", bluegreen_release="1.2.0-bad", bluegreen_strategy=steps)
    assert played.returncode != 0
    assert "demo-green-5xx" in played.results[-1]["msg"]
    assert "rolled back; blue has all traffic" in played.results[-1]["msg"]
    outcome = played.outcomes["demo"]
    assert outcome["end_state"] == "rolled_back"
    assert (outcome["service"], outcome["from"]["release"], outcome["to"]["release"]) == ("demo", "1.0.0", "1.2.0-bad")
    assert "demo-green-5xx" in outcome["reason"]
    assert 0 < outcome["rollback_seconds"] < outcome["seconds"]
    assert outcome["rollback_seconds"] < 30
    assert sample.answering() == {"1.0.0"}
    share = 100 * load.result.failed / load.result.requests
    assert 0 < share < 3, f"{share:.2f} % of the requests failed"
    status = sample.status()
    assert (status["stable"], status["phase"]) == ("blue", "provisioned")
