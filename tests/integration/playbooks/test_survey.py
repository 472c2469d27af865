# SPDX-License-Identifier: GPL-3.0-or-later
"""What surveys answer is text: a release by text alone, and the way back by the same text."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from typing import Any

from tests.playing import ROOT, started
from tests.sample import Sample

# What is read again and again while instances come up and while a release bakes.
WAITING = ("DescribeTargetHealth", "DescribeScalingActivities", "DescribeAlarms", "GetMetricData")
RENEWAL = 30  # seconds after which a task renews the lease


def as_text(sample: Sample) -> dict[str, Any]:
    """A service's variables as a survey gives them."""
    said = sample.definition
    return {
        "bluegreen_routes": "\n".join(said["bluegreen_routes"]),
        "bluegreen_target_groups": json.dumps(said["bluegreen_target_groups"]),
        "bluegreen_strategy": "10, 100",
        "bluegreen_final_bake_seconds": " 2s ",
        "bluegreen_retain_seconds": "1h",
        "bluegreen_windows": "",
        "bluegreen_user_data": "  ",
    }


def test_a_release_and_its_return_by_text_alone(sample: Sample) -> None:
    said = as_text(sample)
    given = ["-i", str(sample.lab.inventory), "-e", json.dumps(said | {"bluegreen_release": "1.1.0"})]
    since = time.time()
    code, output, errors = started(
        [str(ROOT / "playbooks/deploy.yml"), *given], os.environ | sample.lab.env | {"ANSIBLE_NOCOLOR": "1"}, 300
    )
    assert code == 0, output
    every = Counter(call["operation"] for call in sample.lab.calls(since))
    calls = Counter({operation: times for operation, times in every.items() if operation not in WAITING})
    # Each look at a group that is short of instances reads the group, and what has become of its launches.
    calls["DescribeAutoScalingGroups"] -= every["DescribeScalingActivities"]
    renewed = int(time.time() - since) // RENEWAL  # on a busy machine the lease is renewed more often
    assert calls.total() <= 90 + renewed, calls
    assert sample.status()["stable"] == "green"
    check_what_people_see(output, errors)

    # What has nothing to do with a return does not keep it.
    wrong = {"bluegreen_strategy": "typo", "bluegreen_health_timeout": "soon"}
    given = ["-i", str(sample.lab.inventory), "-e", json.dumps(said | wrong)]
    asked = {"ANSIBLE_STDOUT_CALLBACK": "json", "ANSIBLE_NOCOLOR": "1"}
    code, output, errors = started(
        [str(ROOT / "playbooks/rollback.yml"), *given], os.environ | sample.lab.env | asked, 300
    )
    assert code == 0, output
    assert sample.status()["stable"] == "blue"
    assert json.loads(output)["stats"]["demo"]["failures"] == 0, "what people read is on standard error"
    assert "demo: blue has 100 % of the traffic of demo" in errors.splitlines()


def check_what_people_see(output: str, errors: str) -> None:
    """Of a release of two steps: the plan, each stage when it begins and when it has ended, and how to undo it."""
    assert output.count("TASK [") <= 16
    assert len(output.splitlines()) <= 66
    assert "skipping" not in output
    stages = [line.partition("=> (item=")[2].rstrip(")") for line in output.splitlines() if "included: " in line]
    lines = [line.removeprefix("demo: ") for line in errors.splitlines()]
    for number, title in enumerate(stages, 1):
        reported = [line for line in lines if line.startswith(f"{number}/{len(stages)} {title}")]
        assert len(reported) == 2, (title, lines)
        if title.startswith("shift"):
            assert reported[1].endswith(": requests not yet counted, alarms ok, 3/3 healthy")
    assert [title for title in stages if title.startswith("shift")] == [
        "shift green to 10 %",
        "shift green to 100 %, bake 2 s",
    ]
    assert lines[-3].startswith("demo is released: green runs 1.1.0")
    assert lines[-2].startswith("It took ")
    assert lines[-1].startswith("To undo it, run rollback.yml until ")
