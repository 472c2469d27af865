# SPDX-License-Identifier: GPL-3.0-or-later
"""Run Molecule's scenarios, all on one lab: ``python -m tests.molecule [SCENARIO…]``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from switchyard_lab.client import LabProcess

SCENARIOS = Path("extensions/molecule")
HOME = Path("build/molecule").resolve()


def main(scenarios: Sequence[str]) -> int:
    """Each scenario has a sample service of its name for itself."""
    names = scenarios or sorted(path.parent.name for path in SCENARIOS.glob("*/molecule.yml"))
    chosen = [f"--scenario-name={name}" for name in names]
    with LabProcess(speed=20, latency_ms=5, propagation_ms=500, services=tuple(names)) as lab:
        own = {"LAB_INVENTORY": str(lab.inventory), "ANSIBLE_HOME": str(HOME), "MOLECULE_COMMAND_BORDERS": "false"}
        return subprocess.run(
            ["molecule", "test", "--workers=2", *chosen], env=os.environ | lab.env | own, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
