# SPDX-License-Identifier: GPL-3.0-or-later
"""roll.yml with checkpoints that are finer than one instance."""

from __future__ import annotations

import pytest

from tests.sample import Sample

from .reading import judged


@pytest.mark.thorough
def test_checkpoints_that_aws_passes_together_are_verified_once(sample: Sample) -> None:
    """Three instances: AWS holds at 33 %, at 66 % and at the end."""
    pace = {"bluegreen_instance_warmup": 0, "bluegreen_bake_seconds": 1, "bluegreen_hold_seconds": 120}
    played = sample.open("roll", bluegreen_release="1.1.0", bluegreen_checkpoints=[10, 20, 30, 50], **pace)
    assert (played.returncode, played.outcomes["demo"]["end_state"]) == (0, "succeeded"), played.messages
    assert judged(played) == ["Check every new instance through the test route", "Bake"] * 3
