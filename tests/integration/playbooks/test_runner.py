# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them: the installed collection under ansible-runner, with limits, slices and artifacts."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml

from switchyard_lab.client import LabProcess
from tests.runner.cells import ROWS, Row
from tests.runner.installed import Installed, install
from tests.runner.job import Controller
from tests.runner.matrix import problems
from tests.runner.scene import begin
from tests.sample import Sample

from .interrupting import weight_of_green

DEMO, OTHER = "bluegreen_outcome_demo", "bluegreen_outcome_my_service_example"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(tmp_path_factory.mktemp("installed"))


@pytest.fixture
def controller(lab: LabProcess, installed: Installed) -> Controller:
    """An inventory of three hosts, of which one is no service and one is not described."""
    services = {"demo": Sample(lab).definition, "my-service.example": {}}
    shared = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))["bluegreen"]["vars"]
    return Controller(installed, lab.env, {"bluegreen": services, "databases": {"db1": {}}}, shared)


def test_every_playbook_has_a_row(installed: Installed) -> None:
    assert installed.playbooks == {row.playbook for row in ROWS}


@pytest.mark.thorough
def test_each_service_has_an_artifact_and_the_next_job_takes_it(controller: Controller) -> None:
    both = controller.run("status", {}, workflow="Release")
    assert (both.status, both.ends) == ("failed", {DEMO: "unchanged", OTHER: "refused"}), both.output
    answers = {**both.artifacts, "bluegreen_release": "1.1.0", "bluegreen_freeze_reason": "No {{ template }}"}
    planned = controller.run("plan", answers, limit="demo", workflow="Release")
    assert (planned.status, planned.ends) == ("successful", {DEMO: "checked"}), planned.output


def test_a_limit_without_services_fails_and_a_slice_without_services_does_not(controller: Controller) -> None:
    limited = controller.run("status", {}, limit="db1")
    assert (limited.status, limited.ends) == ("failed", {}), limited.output
    assert "No service is left to work on." in limited.output
    sliced = controller.run("status", {}, sliced=(1, 3))  # db1, demo, my-service.example
    assert (sliced.status, sliced.ends) == ("successful", {}), sliced.output


@pytest.mark.thorough
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.playbook)
def test_it_ends_with_an_outcome_and_goes_on_after_it_was_canceled(installed: Installed, row: Row) -> None:
    assert problems(installed, row) == []


@pytest.mark.thorough
def test_in_another_container_the_next_job_goes_on_when_the_lease_of_the_dead_one_is_over(installed: Installed) -> None:
    """There, nobody sees that its process is gone."""
    (row,) = [row for row in ROWS if row.playbook == "deploy"]
    with LabProcess(seed=False, speed=20) as lab:
        scene = begin(lab, installed, row)
        scene = replace(scene, controller=replace(scene.controller, contained=True))
        assert scene.canceled_midway().status == "canceled"
        refused = scene.good()
        assert (refused.status, refused.ends) == ("failed", {DEMO: "refused"}), refused.output
        assert "if it stops responding, its lease expires within" in refused.artifacts[DEMO]["message"]
        assert weight_of_green(scene.sample) == 10
        over = datetime.fromisoformat(scene.sample.status()["lease"]["until"])
        time.sleep(max(0.0, (over - datetime.now(UTC)).total_seconds()))
        resumed = scene.good()
        assert (resumed.status, resumed.ends) == ("successful", {DEMO: "succeeded"}), resumed.output
