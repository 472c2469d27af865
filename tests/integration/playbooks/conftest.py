# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample service of a test's own: whole releases leave nothing as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from switchyard_lab.client import LabProcess
from tests.sample import Sample


@pytest.fixture
def sample() -> Iterator[Sample]:
    """No more instant than AWS: 20 ms per call, five lab seconds until a change reaches the data plane."""
    with LabProcess(speed=20, latency_ms=20, propagation_ms=5000) as lab:
        yield Sample(lab)


@pytest.fixture
def good() -> dict[str, object]:
    """The variables of a deploy of release 1.1.0."""
    return {"bluegreen_release": "1.1.0", "bluegreen_strategy": "all_at_once"}
