# SPDX-License-Identifier: GPL-3.0-or-later
"""A role's variables are those of its argument specs, with the same defaults, and carry the role's name."""

from __future__ import annotations

import re
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleUndefinedVariable
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.parser import LENIENT
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.preferences import Preferences

ROLES = sorted(path for path in (Path(__file__).parents[2] / "roles").iterdir() if (path / "tasks").is_dir())
UNDEFINED = object()
GIVEN = {"release_plan", "release_lease", "release_stage"}  # by role release to the tasks of its stages, and to a roll

each_role = pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)


def load(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def defaults_of(role: Path) -> dict[str, Any]:
    path = role / "defaults/main.yml"
    return load(path) if path.exists() else {}


def entry_points(role: Path) -> dict[str, dict[str, Any]]:
    """The options of each entry point."""
    specs = load(role / "meta/argument_specs.yml")["argument_specs"]
    return {name: spec.get("options", {}) for name, spec in specs.items()}


def evaluate(value: Any, defaults: dict[str, Any]) -> Any:
    """What the value is on a host for which the user set nothing."""
    variables = {"inventory_hostname": "web"} | {name: trust(default) for name, default in defaults.items()}
    try:
        return Templar(loader=DataLoader(), variables=variables).template(trust(value))
    except AnsibleUndefinedVariable:
        return UNDEFINED


def trust(value: Any) -> Any:
    return trust_as_template(value) if isinstance(value, str) else value


@each_role
def test_a_role_has_a_readme(role: Path) -> None:
    assert role.name in (role / "README.md").read_text(encoding="utf-8")


@each_role
def test_variables_carry_the_name_of_the_role(role: Path) -> None:
    assert [name for name in defaults_of(role) if not name.startswith(f"{role.name}_")] == []


@each_role
def test_the_specs_name_every_variable(role: Path) -> None:
    named = {option for options in entry_points(role).values() for option in options}
    assert set(defaults_of(role)) - named == set()
    assert [name for name in named - GIVEN if not name.startswith(f"{role.name}_")] == []


@each_role
def test_entry_points_are_files_of_tasks(role: Path) -> None:
    assert [name for name in entry_points(role) if not (role / f"tasks/{name}.yml").exists()] == []


@each_role
def test_the_specs_tell_the_defaults(role: Path) -> None:
    """An option without a default is one that the user, or the caller of the entry point, must set."""
    defaults = defaults_of(role)
    for options in entry_points(role).values():
        for name, option in options.items():
            reported = evaluate(option["default"], defaults) if "default" in option else UNDEFINED
            true = evaluate(defaults[name], defaults) if name in defaults else UNDEFINED
            assert (name, reported) == (name, true)
            assert option.get("required", False) == ("default" not in option), name


def tasks_of(role: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in sorted(role.glob("tasks/*.yml"))}


def registers_of(role: Path) -> set[str]:
    return {
        name for text in tasks_of(role).values() for name in re.findall(r"^\s*register: (\w+)$", text, re.MULTILINE)
    }


@each_role
def test_facts_are_read_again_and_not_set(role: Path) -> None:
    """A fact outlives the play that has set it, and the next one would believe it."""
    assert [path.name for path, text in tasks_of(role).items() if "set_fact" in text] == []


@each_role
def test_a_role_reads_only_what_its_own_tasks_have_registered(role: Path) -> None:
    others = {name for other in ROLES if other != role for name in registers_of(other)} - GIVEN
    found = {name for text in tasks_of(role).values() for name in re.findall(r"\w+", text)}
    assert found & others == set()


@pytest.mark.parametrize("path", ["roll/tasks/failed.yml", "rollback/tasks/in_place.yml"])
def test_the_way_back_of_a_roll_replaces_instances_as_the_roll_did(path: str) -> None:
    """But for what a return does without: checkpoints, bakes and alarms."""
    kept = {field.name for field in fields(Preferences) if f"{field.name}: " in read("roll/tasks/main.yml")}
    given_up = {field.name for field in fields(Preferences) if not asdict(Preferences().to_return())[field.name]}
    assert [name for name in sorted(kept - given_up - {"checkpoint_delay"}) if f"{name}: " not in read(path)] == []


@pytest.mark.parametrize(
    ("started", "check_mode", "follows"),
    [
        ({"refresh": {"id": "r-1"}}, False, True),
        ({"refresh": None, "verified": False}, False, True),
        ({"refresh": None, "verified": True}, False, False),
        ({"refresh": {"id": "r-1"}}, True, False),
        ({"refresh": None, "verified": False}, True, False),
    ],
)
def test_a_roll_follows_no_refresh_in_check_mode(started: dict[str, Any], check_mode: bool, follows: bool) -> None:
    """What it would check and bake comes with a real run alone, and a failure would be reported as taken back."""
    (roll,) = yaml.safe_load(read("roll/tasks/main.yml"))
    variables = {"__roll_start": started, "ansible_check_mode": check_mode}
    found = Templar(loader=DataLoader(), variables=variables).template(trust(roll["vars"]["__roll_follows"]))
    assert found is follows


@pytest.mark.parametrize("work", [role.name for role in ROLES if role.name in LENIENT])
def test_a_role_that_is_given_only_the_variables_that_it_uses_is_given_all_of_them(work: str) -> None:
    """What it reads of its definition and is not given, is silently the default."""
    tasks = "".join(tasks_of(ROLES[0].parent / work).values())
    used = {f"bluegreen_{key}" for key in re.findall(r"definition\.(\w+)", tasks)}
    assert used
    assert used - set(LENIENT[work]) == set()


def read(path: str) -> str:
    return (ROLES[0].parent / path).read_text(encoding="utf-8")
