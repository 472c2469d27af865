# SPDX-License-Identifier: GPL-3.0-or-later
"""What pytest offers where the lab is installed: fixture ``lab``, a seeded lab, one per session.

So there is one per pytest-xdist worker, and tests make what they change themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .client import LabProcess

LAB_SPEED = 20


@pytest.fixture(scope="session")
def lab() -> Iterator[LabProcess]:
    """A lab whose timers run 20 times as fast as AWS's."""
    with LabProcess(speed=LAB_SPEED) as process:
        yield process
