# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test can ask for."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest

from tests.lab.client import LabProcess

LAB_SPEED = 20

# How long an example takes says more of the machine, which other tests share, than of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def lab() -> Iterator[LabProcess]:
    """A seeded lab, one per session (and so one per pytest-xdist worker); tests make what they change themselves."""
    with LabProcess(speed=LAB_SPEED) as process:
        yield process
