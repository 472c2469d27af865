# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed is taken up by the same command again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import Any

from tests.lab.load import BackgroundLoad
from tests.playing import BIN, ROOT
from tests.sample import Sample

STEPS = [{"weight": 10, "bake_seconds": 0}, {"weight": 50, "bake_seconds": 60}, {"weight": 100, "bake_seconds": 0}]
PATIENCE = 60.0


def test_a_deploy_killed_in_the_middle_of_a_shift_is_finished_by_the_same_command(
    sample: Sample, good: dict[str, Any]
) -> None:
    with BackgroundLoad(sample.url, rate=50) as load:
        kill_when(sample, good | {"bluegreen_steps": STEPS}, candidate_weight=50)
        status = sample.status()
        assert (status["phase"], status["environments"]["green"]["weight"]) == ("shifting", 50)
        again = sample.open("deploy", **good)
    assert again.returncode == 0, again.messages
    assert (sample.status()["stable"], sample.stable_release()) == ("green", "1.1.0")
    assert load.result.failed == 0


def test_a_deploy_killed_in_the_middle_of_a_shift_can_be_taken_back(sample: Sample, good: dict[str, Any]) -> None:
    kill_when(sample, good | {"bluegreen_steps": STEPS}, candidate_weight=50)
    assert sample.open("rollback").returncode == 0
    status = sample.status()
    assert (status["stable"], status["environments"]["blue"]["weight"]) == ("blue", 100)


def kill_when(sample: Sample, variables: dict[str, Any], candidate_weight: int) -> None:
    """SIGKILL ansible-playbook and its workers once the candidate has this weight."""
    command = [BIN / "ansible-playbook", ROOT / "playbooks/deploy.yml", "-i", str(sample.lab.inventory)]
    process = subprocess.Popen(
        [*command, "-e", json.dumps(variables)],
        env=os.environ | sample.lab.env,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while weight_of_green(sample) != candidate_weight:
            assert process.poll() is None, "the deploy ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def weight_of_green(sample: Sample) -> int:
    (listener,) = sample.lab.client("elbv2").describe_listeners(ListenerArns=sample.definition["bluegreen_routes"])[
        "Listeners"
    ]
    groups = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    return next(group["Weight"] for group in groups if "/demo-green/" in group["TargetGroupArn"])
