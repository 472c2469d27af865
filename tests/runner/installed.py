# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as an execution environment has it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.playing import BIN, ROOT

COLLECTIONS = "ansible_collections"


@dataclass(frozen=True)
class Installed:
    """``collections``: where Ansible looks for collections."""

    collections: Path

    @property
    def project(self) -> Path:
        """The folder of playbooks that the collection has for a project of AWX."""
        return self.collections / COLLECTIONS / "switchyard/bluegreen/extensions/patterns/bluegreen/playbooks"

    @property
    def playbooks(self) -> set[str]:
        """Those that are about services."""
        return {path.stem for path in self.project.glob("*.yml")} - {"configure", "report"}


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
    return Installed(folder)


def _run(*command: object) -> None:
    subprocess.run([str(each) for each in command], check=True, capture_output=True, text=True, cwd=ROOT)
