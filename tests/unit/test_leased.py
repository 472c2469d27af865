# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles hand to all modules of the action group leased, each of them takes."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LEASED = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))["action_groups"]["leased"]
GROUP = "group/switchyard.bluegreen.leased"


def handed(role: str) -> set[str]:
    """The defaults that the role's tasks have for the group."""
    tasks = yaml.safe_load((ROOT / f"roles/{role}/tasks/main.yml").read_text(encoding="utf-8"))
    return {name for task in tasks for name in task.get("module_defaults", {}).get(GROUP, {})}


@pytest.mark.parametrize("name", LEASED)
def test_every_module_of_the_group_takes_what_is_handed_to_it(name: str) -> None:
    action = import_module(f"ansible_collections.switchyard.bluegreen.plugins.action.{name}").ActionModule
    every = {option for role in ("release", "roll", "rollback") for option in handed(role)}
    assert "lease" in every
    assert every <= set(action.spec.argument_spec())
