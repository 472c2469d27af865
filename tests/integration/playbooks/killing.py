# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills a deploy in the middle of its work, as an operator's closed laptop does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import Any

from tests.playing import BIN, ROOT
from tests.sample import Sample

# The deploy stays at half of the traffic long enough to be found there.
STEPS = [{"weight": 10, "bake_seconds": 0}, {"weight": 50, "bake_seconds": 60}, {"weight": 100, "bake_seconds": 0}]
PATIENCE = 60.0


def kill_in_mid_shift(sample: Sample, variables: dict[str, Any]) -> None:
    """SIGKILL ansible-playbook and its workers once the candidate has half of the traffic."""
    command = [BIN / "ansible-playbook", ROOT / "playbooks/deploy.yml", "-i", str(sample.lab.inventory)]
    process = subprocess.Popen(
        [*command, "-e", json.dumps(variables | {"bluegreen_strategy": STEPS})],
        env=os.environ | sample.lab.env,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while weight_of_green(sample) != 50:
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
