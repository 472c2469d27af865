# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module has what a user expects of it: its in-process twin, its place in the action group, its documentation."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MODULES = {path.stem: path for path in sorted((ROOT / "plugins/modules").glob("*.py"))}


def documentation(path: Path) -> dict[str, Any]:
    """The YAML of DOCUMENTATION, EXAMPLES and RETURN, by these names."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = yaml.safe_load(ast.literal_eval(node.value))
    return found


def test_every_module_has_an_action_plugin_of_the_same_name() -> None:
    assert {path.stem for path in (ROOT / "plugins/action").glob("*.py")} == set(MODULES)


def test_the_action_group_holds_every_module_and_those_of_amazon_aws() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    extension, *members = runtime["action_groups"]["aws"]
    assert extension == {"metadata": {"extend_group": ["amazon.aws.aws"]}}
    assert members == sorted(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_documented(name: str) -> None:
    told = documentation(MODULES[name])
    assert told["DOCUMENTATION"]["module"] == name
    assert told["RETURN"]
    assert any(f"switchyard.bluegreen.{name}" in task for task in told["EXAMPLES"])
