# SPDX-License-Identifier: GPL-3.0-or-later
"""A service with a listener and a DNS record for routes, which move as one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.names import make_zone
from tests.sample import Sample

STEPS = [{"weight": 50, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 2}]


@pytest.mark.thorough
def test_a_release_and_its_return_move_listener_and_record_alike(sample: Sample) -> None:
    names = make_zone(sample.lab)
    names.put_pair(100, 0)
    routes: list[Any] = [*sample.definition["bluegreen_routes"], {"zone": names.zone, "name": names.www}]
    released = sample.open("deploy", bluegreen_release="1.1.0", bluegreen_strategy=STEPS, bluegreen_routes=routes)
    assert released.returncode == 0, released.messages
    assert (sample.answering(), names.weights()) == ({"1.1.0"}, {"blue": 0, "green": 100})
    returned = sample.open("rollback", bluegreen_routes=routes)
    assert returned.returncode == 0, returned.messages
    assert (sample.answering(), names.weights()) == ({"1.0.0"}, {"blue": 100, "green": 0})
