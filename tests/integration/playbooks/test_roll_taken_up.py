# SPDX-License-Identifier: GPL-3.0-or-later
"""roll.yml after one whose run died, while AWS went on."""

from __future__ import annotations

from switchyard_lab.scene import Scene
from tests.sample import Sample

from .reading import judged


def test_what_aws_has_finished_is_checked_and_baked_once(sample: Sample) -> None:
    """Nothing is left to replace, and the tag that a roll begins with does not say that it was verified."""
    live = sample.status()["environments"]["blue"]
    begun = {"Key": "bluegreen:rolled", "Value": live["image_id"], "PropagateAtLaunch": False}
    tag = {"ResourceId": live["group"], "ResourceType": "auto-scaling-group", **begun}
    Scene(sample.lab).autoscaling.create_or_update_tags(Tags=[tag])
    asked = {"bluegreen_image_id": live["image_id"], "bluegreen_bake_seconds": 1, "bluegreen_hold_seconds": 60}
    played = sample.open("roll", **asked)
    assert (played.returncode, played.outcomes["demo"]["end_state"]) == (0, "succeeded"), played.messages
    assert judged(played) == ["Check every new instance through the test route", "Bake"]
    assert sample.stable_release() == "1.0.0", "nobody gave it another name"
    again = sample.open("roll", **asked)
    assert (again.outcomes["demo"]["end_state"], judged(again)) == ("unchanged", [])
