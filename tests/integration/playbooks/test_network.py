# SPDX-License-Identifier: GPL-3.0-or-later
"""A service behind a Network Load Balancer: verified through a listener of its own, released, and taken back."""

from __future__ import annotations

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad

from .network_service import network_sample

STEPS = [{"weight": 50, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 2}]


@pytest.mark.thorough
def test_a_release_and_its_return_fail_no_connection() -> None:
    with LabProcess(seed=False, speed=20, latency_ms=20, propagation_ms=5000) as lab:
        sample = network_sample(lab)
        with BackgroundLoad(sample.url, rate=50, keep_alive=False) as load:
            released = sample.open("deploy", bluegreen_release="1.1.0", bluegreen_strategy=STEPS)
            assert released.returncode == 0, released.messages
            assert sample.answering() == {"1.1.0"}
            returned = sample.open("rollback")
            assert returned.returncode == 0, returned.messages
            assert sample.answering() == {"1.0.0"}
        assert load.result.failed == 0, load.result.failures[:5]
        assert released.outcomes["demo"]["sessions"].startswith("A connection stays")
