# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.pace import poll_seconds


@pytest.mark.parametrize(("at_once", "seconds"), [(1, 5), (10, 5), (11, 6), (50, 25), (120, 60), (500, 60)])
def test_many_services_at_once_look_less_often(at_once: int, seconds: int) -> None:
    assert poll_seconds(at_once) == seconds
