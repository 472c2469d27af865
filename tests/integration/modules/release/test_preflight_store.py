# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a store is set, it is read before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene

from ..conftest import Made, Plan
from ..demo import Demo


@pytest.fixture
def definition(demo: Demo, scene: Scene) -> dict[str, Any]:
    """Of a service that is live in blue."""
    demo.live()
    return {**demo.definition, "image_id": scene.image(release="2")}


def test_a_bucket_that_is_not_there_refuses_the_release(plan: Plan, definition: dict[str, Any], made: Made) -> None:
    made()
    result = plan(**definition, store="s3://nowhere-at-all/releases")
    assert result["failed"]
    (finding,) = result["findings"]
    assert "The store s3://nowhere-at-all/releases cannot be used" in finding
    assert "store in allow" in finding
    assert made("write") == []


def test_so_does_one_that_does_not_answer_unless_it_is_passed(
    plan: Plan, lab: LabProcess, definition: dict[str, Any]
) -> None:
    lab.fault(operation="GetObject", error="SlowDown", times=3)
    (finding,) = plan(**definition, store="s3://example-releases")["findings"]
    assert "SlowDown" in finding
    lab.fault(operation="GetObject", error="SlowDown", times=3)
    override = {"reason": "users cannot pay", "allow": ["store"]}
    result = plan(**definition, store="s3://example-releases", override=override)
    assert result["findings"] == []
    assert any("continues without it: users cannot pay" in each for each in result["warnings"])


def test_a_directory_is_enough_on_one_machine(plan: Plan, definition: dict[str, Any], tmp_path: Path) -> None:
    assert plan(**definition, store=f"file://{tmp_path}")["findings"] == []
    (finding,) = plan(**definition, store=f"file://{tmp_path}/nowhere")["findings"]
    assert "there is no directory" in finding


def test_without_one_nothing_is_read(plan: Plan, definition: dict[str, Any], made: Made) -> None:
    made()
    plan(**definition)
    assert "GetObject" not in made()
