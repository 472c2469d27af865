# SPDX-License-Identifier: GPL-3.0-or-later
"""A fix is released over an environment that serves nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.scene import eventually
from tests.sample import Sample


def crash_stable(sample: Sample) -> None:
    """Until none of its targets is healthy, and nothing replaces them."""
    autoscaling = sample.lab.client("autoscaling")
    stable = sample.status()["environments"]["blue"]
    processes = ["ReplaceUnhealthy", "Launch", "Terminate"]
    autoscaling.suspend_processes(AutoScalingGroupName=stable["group"], ScalingProcesses=processes)
    for instance in stable["instances"]:
        sample.lab.fault(instance=instance, action="crash")
    eventually(lambda: sample.status()["environments"]["blue"]["healthy"], lambda healthy: healthy == 0)


@pytest.mark.thorough
def test_a_fix_is_released_over_a_stable_environment_that_is_down(sample: Sample, good: dict[str, Any]) -> None:
    crash_stable(sample)
    released = sample.open("deploy", **good)
    assert released.returncode == 0, released.messages
    assert sample.stable_release() == "1.1.0"
    assert sample.answering() == {"1.1.0"}


@pytest.mark.thorough
def test_a_stable_environment_that_goes_down_before_the_shift_is_not_the_candidate_s_fault(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    """The plan has found it well."""
    reached, down, hook = tmp_path / "reached", tmp_path / "down", tmp_path / "wait.yml"
    wait = f"touch {reached}; for _ in $(seq 600); do test -e {down} && exit 0; sleep 0.1; done; exit 1"
    hook.write_text(f"- ansible.builtin.shell: {wait!r}\n")
    with ThreadPoolExecutor() as pool:
        release = pool.submit(sample.open, "deploy", **good, bluegreen_hooks={"after_provision": str(hook)})
        eventually(reached.exists, bool, 60)
        crash_stable(sample)
        down.touch()
        released = release.result()
    assert released.returncode == 0, released.messages
    assert (sample.stable_release(), sample.answering()) == ("1.1.0", {"1.1.0"})
