# SPDX-License-Identifier: GPL-3.0-or-later
"""A release with the inventory that the plugin makes, and what people write next to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from switchyard_lab.client import LabProcess
from tests.playing import ROOT, playbook
from tests.plays import forked
from tests.sample import Sample

FOUND = ("bluegreen_routes", "bluegreen_target_groups")


def write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


def beside_what_is_found(lab: LabProcess, folder: Path, **variables: Any) -> str:
    """An inventory in which the routes and the target groups of the service are not written down."""
    inventory = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))["bluegreen"]
    said = {key: value for key, value in inventory["hosts"]["demo"].items() if key not in FOUND}
    write(folder / "fleet.bluegreen.yml", {"plugin": "switchyard.bluegreen.services", "regions": ["eu-west-1"]})
    write(folder / "host_vars/demo.yml", {"bluegreen_test_route": said.pop("bluegreen_test_route")})
    write(folder / "group_vars/bluegreen.yml", {**inventory["vars"], **said, **variables})
    return str(folder / "fleet.bluegreen.yml")


def test_a_release_is_planned_with_what_aws_knows(lab: LabProcess, good: dict[str, Any], tmp_path: Path) -> None:
    source = beside_what_is_found(lab, tmp_path, **good)
    played = playbook(ROOT / "playbooks/plan.yml", lab.env, "-i", source, "--limit", "demo", run=forked)
    assert played.returncode == 0, played.messages
    (planned,) = [result["msg"] for result in played.results if result["task"].endswith(": Report what was found")]
    assert any("shift green to 100 %" in line for line in planned), planned


@pytest.mark.thorough
def test_a_release_succeeds_with_it(sample: Sample, good: dict[str, Any], tmp_path: Path) -> None:
    source = beside_what_is_found(sample.lab, tmp_path, **good)
    played = playbook(ROOT / "playbooks/deploy.yml", sample.lab.env, "-i", source, run=forked)
    assert played.outcomes["demo"]["end_state"] == "succeeded", played.messages or played.stderr
    assert sample.answering() == {"1.1.0"}
