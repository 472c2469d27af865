# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks for a controller do what those for a command line do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import is_known

ROOT = Path(__file__).parents[2]
RULEBOOKS = ROOT / "extensions/eda/rulebooks"
NAMES = ("alarms", "images")


def ruleset(name: str) -> dict[str, Any]:
    (only,) = yaml.safe_load((RULEBOOKS / f"{name}.yml").read_text(encoding="utf-8"))
    return dict(only)


def without_actions(ruleset: dict[str, Any]) -> dict[str, Any]:
    return {**ruleset, "rules": [{key: rule[key] for key in rule if key != "action"} for rule in ruleset["rules"]]}


@pytest.mark.parametrize("name", NAMES)
def test_a_controller_acts_on_the_same_events(name: str) -> None:
    assert without_actions(ruleset(name)) == without_actions(ruleset(f"{name}_controller"))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_rulebook_runs_exists(name: str) -> None:
    (rule,), (on_controller,) = (ruleset(each)["rules"] for each in (name, f"{name}_controller"))
    play, job = rule["action"]["run_playbook"], on_controller["action"]["run_job_template"]
    assert (ROOT / f"playbooks/{play['name'].rpartition('.')[2]}.yml").is_file()
    assert all(map(is_known, [*play["extra_vars"], *job.get("job_args", {}).get("extra_vars", {})]))
    templates = (ROOT / "extensions/patterns/bluegreen/vars/templates.yml").read_text(encoding="utf-8")
    assert f"name: {job['name']}\n" in templates
