# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test can ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.client import LabProcess

LAB_SPEED = 20


@pytest.fixture(scope="session")
def lab() -> Iterator[LabProcess]:
    """A seeded lab, one per session (and so one per pytest-xdist worker); tests make what they change themselves."""
    with LabProcess(speed=LAB_SPEED) as process:
        yield process
