# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a release in the middle of its work, as an operator's closed laptop does, or a job that is canceled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.playing import BIN, ROOT
from tests.processes import descendants, end
from tests.sample import Sample

PATIENCE = 60.0
GRACE = 5.0
LONG = 60  # seconds of a bake that does not end by itself
# What AWS answers when credentials have expired, which no run outlasts.
EXPIRED = {"error": "ExpiredToken", "message": "The security token included in the request is expired", "status": 403}


def interrupted(
    sample: Sample,
    variables: dict[str, Any],
    when: Callable[[], bool],
    number: signal.Signals = signal.SIGKILL,
    door: str = "deploy",
) -> bool:
    """Run the playbook and send it the signal once ``when`` is true; False: it ended before that.

    What has not ended then is killed, as a controller does with a canceled job. Its workers, which have sessions of
    their own, end with it, as in a container: one that lives on would finish its task, and make its call again.
    """
    process = subprocess.Popen(
        [
            BIN / "ansible-playbook",
            ROOT / f"playbooks/{door}.yml",
            "-i",
            sample.lab.inventory,
            "-e",
            json.dumps(variables),
        ],
        env=os.environ | sample.lab.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not when():
            if process.poll() is not None:
                return False
            assert time.monotonic() < deadline
            time.sleep(0.05)
        family = descendants(process.pid)
        process.send_signal(number)
        if number != signal.SIGKILL:
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
        end(family)
        return True
    finally:
        end([*descendants(process.pid), process.pid])
        process.wait()


def interrupt_at(
    sample: Sample, variables: dict[str, Any], weight: int, number: signal.Signals = signal.SIGKILL
) -> None:
    """Interrupt a canary while it bakes with this weight."""
    before = [{"weight": each, "bake_seconds": 0} for each in (10, 50) if each < weight]
    after = [{"weight": 100, "bake_seconds": 0}] if weight < 100 else []
    steps = [*before, {"weight": weight, "bake_seconds": LONG}, *after]
    variables = variables | {"bluegreen_strategy": steps}
    assert interrupted(sample, variables, lambda: weight_of_green(sample) == weight, number), "it ended by itself"


def next_write(sample: Sample, after: int) -> Callable[[], bool]:
    """Whether the next write after this many is done. Its answer never comes, so whoever made it gets no further."""
    sample.lab.fault(operation="*", silent=True, after=after)
    since = time.time()
    return lambda: len(sample.lab.calls(since, kind="write")) > after


def interrupted_after_each_write(
    sample: Sample, variables: dict[str, Any], own: Callable[[int], int], door: str = "deploy"
) -> int:
    """Run the playbook again and again, each time killed after its next write, until one run ends by itself; how many
    were killed. ``own``: how many writes the next run makes for itself, by the number of those before it, such as for
    its lease. One that has come no further than the one before is let one write further the next time."""
    killed, repeated, last = 0, 0, [""]
    began = time.time()
    while interrupted(sample, variables, next_write(sample, after=own(killed) + repeated), door=door):
        made = [call["operation"] for call in sample.lab.calls(began, kind="write")]
        repeated = repeated + 1 if made == last else 0
        killed, last, began = killed + 1, made, time.time()
    return killed


def weight_of_green(sample: Sample) -> int:
    (listener,) = sample.lab.client("elbv2").describe_listeners(ListenerArns=sample.definition["bluegreen_routes"])[
        "Listeners"
    ]
    groups = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    return next(group["Weight"] for group in groups if "/demo-green/" in group["TargetGroupArn"])
