# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller knows of a play, for the plan of one of its services."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.action.plan import has_batches


@pytest.mark.parametrize(
    ("serial", "batches"),
    [
        ([], False),
        (["100%"], False),
        ("100%", False),
        (["10"], False),
        ([12], False),
        ([0], False),
        (["50%"], True),
        ("2", True),
        ([2], True),
        ([1, "100%"], True),
        (["5%"], True),
    ],
)
def test_a_play_has_batches_by_its_keyword(serial: Any, batches: bool) -> None:
    assert has_batches(serial, 10) == batches
