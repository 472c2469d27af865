# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-builder takes the definition as it stands, and finds in the installed collection what it needs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

from tests.playing import BIN, ROOT


def builder(*arguments: str | Path) -> str:
    command = [BIN / "ansible-builder", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def required() -> list[str]:
    lines = (ROOT / "meta/ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_the_definition_is_taken_as_it_stands(tmp_path: Path) -> None:
    builder("create", "--file", ROOT / "execution-environment.yml", "--context", tmp_path)
    written = (tmp_path / "_build/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in written if not line.startswith("#")] == required()
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["dependencies"]
    collections = yaml.safe_load((tmp_path / "_build/requirements.yml").read_text(encoding="utf-8"))["collections"]
    assert {each["name"]: each["version"] for each in collections} == galaxy


def test_the_requirements_of_the_installed_collection_are_found(tmp_path: Path) -> None:
    """Paths in meta/execution-environment.yml start at the root of the collection, and not in meta/."""
    namespace = tmp_path / "ansible_collections/switchyard"
    namespace.mkdir(parents=True)
    (namespace / "bluegreen").symlink_to(ROOT)
    found = yaml.safe_load(builder("introspect", tmp_path))
    assert [line.partition("  #")[0] for line in found["python"]] == required()
