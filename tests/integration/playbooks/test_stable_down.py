# SPDX-License-Identifier: GPL-3.0-or-later
"""A fix is released over an environment that serves nobody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.lab.scene import eventually
from tests.sample import Sample


@pytest.mark.thorough
def test_a_fix_is_released_over_a_stable_environment_that_is_down(sample: Sample, good: dict[str, Any]) -> None:
    autoscaling = sample.lab.client("autoscaling")
    stable = sample.status()["environments"]["blue"]
    processes = ["ReplaceUnhealthy", "Launch", "Terminate"]
    autoscaling.suspend_processes(AutoScalingGroupName=stable["group"], ScalingProcesses=processes)
    for instance in stable["instances"]:
        sample.lab.fault(instance=instance, action="crash")
    eventually(lambda: sample.status()["environments"]["blue"]["healthy"], lambda healthy: healthy == 0)
    released = sample.open("deploy", **good)
    assert released.returncode == 0, released.messages
    assert sample.stable_release() == "1.1.0"
    assert sample.answering() == {"1.1.0"}
