# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as an execution environment has it, and a project whose playbooks are its playbooks."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.playing import BIN, ROOT

COLLECTIONS = "ansible_collections"


@dataclass(frozen=True)
class Installed:
    """``collections``: where Ansible looks for collections. ``project``: the folder of AWX's project."""

    collections: Path
    project: Path

    @property
    def playbooks(self) -> list[str]:
        return sorted(path.stem for path in self.project.glob("*.yml"))


def install(folder: Path) -> Installed:
    """Build the collection from the checkout and install it; amazon.aws is the one of this environment."""
    galaxy = BIN / "ansible-galaxy"
    _run(galaxy, "collection", "build", "--output-path", folder, ROOT)
    (built,) = folder.glob("*.tar.gz")
    _run(galaxy, "collection", "install", "--force", "--no-deps", "--collections-path", folder, built)
    amazon = find_spec(f"{COLLECTIONS}.amazon.aws")
    (needed,) = amazon.submodule_search_locations if amazon and amazon.submodule_search_locations else ()
    (folder / COLLECTIONS / "amazon").mkdir()
    (folder / COLLECTIONS / "amazon/aws").symlink_to(needed)
    return Installed(folder, _project(folder))


def _project(folder: Path) -> Path:
    """AWX runs a playbook that is a file of the project, and none by the name of its collection."""
    project = folder / "project"
    project.mkdir()
    for playbook in (folder / COLLECTIONS / "switchyard/bluegreen/playbooks").glob("*.yml"):
        imported = f"- import_playbook: switchyard.bluegreen.{playbook.stem}\n"
        (project / playbook.name).write_text(imported, encoding="utf-8")
    (project / "services.yml").unlink()  # a part of the others
    return project


def _run(*command: object) -> None:
    subprocess.run([str(each) for each in command], check=True, capture_output=True, text=True, cwd=ROOT)
