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


def takes_aws_options(path: Path) -> bool:
    """Defaults of the action group, such as a region, would be refused by a module that does not."""
    return "amazon.aws.common.modules" in documentation(path)["DOCUMENTATION"]["extends_documentation_fragment"]


def test_every_module_has_an_action_plugin_of_the_same_name() -> None:
    assert {path.stem for path in (ROOT / "plugins/action").glob("*.py")} == set(MODULES)


def test_the_action_group_holds_every_module_that_talks_to_aws_and_those_of_amazon_aws() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    extension, *members = runtime["action_groups"]["aws"]
    assert extension == {"metadata": {"extend_group": ["amazon.aws.aws"]}}
    assert members == [name for name, path in MODULES.items() if takes_aws_options(path)]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_documented(name: str) -> None:
    reported = documentation(MODULES[name])
    assert reported["DOCUMENTATION"]["module"] == name
    assert reported["RETURN"]
    assert any(f"switchyard.bluegreen.{name}" in task for task in reported["EXAMPLES"])
