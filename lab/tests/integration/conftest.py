# SPDX-License-Identifier: GPL-3.0-or-later
"""A scene of its own for each test, in the session's lab."""

from collections.abc import Iterator

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene

from .callers import Caller, MakeUser


@pytest.fixture
def scene(lab: LabProcess) -> Iterator[Scene]:
    scene = Scene(lab)
    yield scene
    scene.clear()


@pytest.fixture
def user(lab: LabProcess) -> MakeUser:
    """With these statements as its policy."""
    return lambda *statements: Caller.user(lab, *statements)
