# SPDX-License-Identifier: GPL-3.0-or-later
"""What a controller uses as a project: the released archive, with playbooks and the collection that they import."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from switchyard_lab.client import LabProcess
from tests.controller.data import PATTERN
from tests.controller.rules import playbook_errors
from tests.playing import BIN, ROOT, playbook
from tests.plays import forked


def galaxy(*arguments: str | Path, cwd: Path, home: Path) -> None:
    environment = os.environ | {"ANSIBLE_COLLECTIONS_PATH": str(home), "ANSIBLE_HOME": str(home)}
    command = [BIN / "ansible-galaxy", "collection", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.thorough
def test_the_archive_is_a_project(tmp_path: Path) -> None:
    """As AWX does it: unpacks the archive, installs collections/requirements.yml from the folder of the project, and
    lists the files that may be playbooks."""
    home, project = tmp_path / "home", tmp_path / "project"
    galaxy("build", "--output-path", tmp_path, cwd=ROOT, home=home)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(project, filter="data")
    galaxy("install", "--force", "--no-deps", "-r", "collections/requirements.yml", "-p", home, cwd=project, home=home)
    assert (home / "ansible_collections/switchyard/bluegreen/playbooks/deploy.yml").is_file()
    for path in (PATTERN / "playbooks").glob("*.yml"):
        assert playbook_errors(project, str(path.relative_to(ROOT))) == {}


def test_the_end_of_a_workflow_that_failed_shows_where_services_stand_and_fails(lab: LabProcess) -> None:
    played = playbook(PATTERN / "playbooks/report.yml", lab.env, "-i", str(lab.inventory), run=forked)
    assert played.returncode == 2
    assert played.messages == "The workflow did not end with a kept release. An earlier job says why."
    assert {each["end_state"] for each in played.outcomes.values()} == {"unchanged"}
