# SPDX-License-Identifier: GPL-3.0-or-later
"""A load balancer per test, made of real processes."""

from collections.abc import Iterator

import pytest

from .plane import Plane
from .processes import Children


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    processes = Children()
    yield processes
    processes.end()


@pytest.fixture
def plane(children: Children) -> Iterator[Plane]:
    with Plane(children) as made:
        yield made


@pytest.fixture
def shop(plane: Plane) -> Plane:
    """Two instances in each of blue, which has all the traffic, and green."""
    plane.run("b1", "b2", "g1", "g2")
    plane.group("blue", "b1", "b2")
    plane.group("green", "g1", "g2")
    plane.forward({"blue": 100, "green": 0})
    plane.apply_until_healthy()
    return plane
