# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users get it: built, installed, and run by name from an empty directory."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from switchyard_lab.client import LabProcess
from tests.playing import BIN, ROOT, playbook

NAME = "switchyard.bluegreen"
RELEASED = {"CHANGELOG.md", "FILES.json", "LICENSE", "MANIFEST.json", "README.md", "changelogs", "docs", "extensions"}
RELEASED |= {"SECURITY.md", "lab", "meta", "playbooks", "plugins", "roles"}
# With these, the released archive is a project for a controller: docs/awx.md.
RELEASED |= {"collections", "execution-environment.yml"}


def run(*command: str, env: dict[str, str] | None = None) -> str:
    """What one of Ansible's commands says; it must succeed."""
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        env=os.environ | (env or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of collections that holds what was built, and nothing else."""
    directory = tmp_path_factory.mktemp("release")
    run("ansible-galaxy", "collection", "build", "--output-path", str(directory))
    (tarball,) = directory.glob("*.tar.gz")
    unseen = {"ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false"}  # or it would be content with the checkout
    run("ansible-galaxy", "collection", "install", "--no-deps", "-p", str(directory), str(tarball), env=unseen)
    return directory


def test_it_holds_what_users_need_and_nothing_of_ours(installed: Path) -> None:
    found = {path.name for path in (installed / "ansible_collections/switchyard/bluegreen").iterdir()}
    assert found <= RELEASED
    assert {"LICENSE", "README.md", "meta", "playbooks", "plugins", "roles"} <= found


def test_its_playbooks_run_by_name(
    installed: Path, lab: LabProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = {"ANSIBLE_COLLECTIONS_PATH": str(installed)}
    played = playbook(f"{NAME}.status", lab.env | path, "-i", str(lab.inventory))
    assert (played.returncode, played.messages) == (0, "")
    documented = json.loads(run("ansible-doc", "--json", f"{NAME}.service_info", env=path))
    assert documented[f"{NAME}.service_info"]["doc"]["filename"].startswith(str(installed))
