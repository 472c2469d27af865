# SPDX-License-Identifier: GPL-3.0-or-later
"""A release succeeds when stable runs the image, the label and the user data that were asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from switchyard_lab.scene import Scene
from tests.sample import Sample

from .reading import end, message


@pytest.mark.thorough
def test_an_image_that_is_looked_up_is_looked_up_once(sample: Sample, tmp_path: Path) -> None:
    """Then: the same again, another label, other user data."""
    found = tmp_path / "image"
    found.write_text(Scene(sample.lab).image(release="1.1.0"))
    hook = tmp_path / "hook.yml"
    hook.write_text(f"- ansible.builtin.shell: echo ami-0123456789abcdef0 > {found}\n")
    image = found.read_text()
    played = sample.open(
        "deploy",
        bluegreen_image_id=f"{{{{ lookup('ansible.builtin.file', '{found}') }}}}",
        bluegreen_release="1.1.0",
        bluegreen_hooks={"before_provision": str(hook)},
        bluegreen_strategy="all_at_once",
        bluegreen_final_bake_seconds=0,
    )
    assert end(played) == ("succeeded", 0), played.messages
    status = sample.status()
    assert status["environments"]["green"]["image_id"] == image

    asked = {"bluegreen_image_id": image, "bluegreen_release": "1.1.0"}
    assert end(sample.open("deploy", **asked)) == ("unchanged", 0)

    labeled = sample.open("deploy", **asked | {"bluegreen_release": "1.1.0-rc2"})
    assert (end(labeled), labeled.changed) == (("succeeded", 0), 1), labeled.messages
    assert sample.stable_release() == "1.1.0-rc2"
    assert "green runs 1.1.0-rc2" in message(labeled)

    checked = sample.open("provision", "--check", **asked, bluegreen_user_data="#!/bin/sh\ntrue\n")
    (planned,) = [each for each in checked.results if each["task"].endswith(": Plan the release")]
    assert [stage["do"] for stage in planned["stages"]] == ["idle", "teardown", "provision"], checked.messages
