# SPDX-License-Identifier: GPL-3.0-or-later
"""One list has all variables of a service; what documents them, what reads them and what uses them agrees with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.bake.metrics import MetricOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.checks.verify import CheckOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.traffic.test_route import RouteToTest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.parser import NEEDED
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.readers import READERS
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.shapes import Key
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.shapes_known import (
    CHECK,
    METRIC,
    NEW_TEST_ROUTE,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.values import (
    described_duration,
    read_duration,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variable import KINDS, Variable
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import (
    BY_NAME,
    VARIABLES,
    is_known,
)

from tests.docs import variables as documents

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\bbluegreen_[a-z_]*[a-z]\b(?!_)")

each_variable = pytest.mark.parametrize("variable", VARIABLES, ids=lambda each: each.key)


@pytest.mark.parametrize(("path", "text"), documents.files().items(), ids=lambda each: getattr(each, "name", ""))
def test_documents_are_as_they_are_made(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "Run make variables."


def test_each_variable_is_there_once() -> None:
    assert len(BY_NAME) == len(VARIABLES)


@each_variable
def test_a_variable_is_well_described(variable: Variable) -> None:
    assert variable.kind in KINDS
    assert variable.text.endswith(".")
    assert variable.text[0].isupper()
    assert variable.text.count("`") % 2 == 0
    assert variable.example
    assert variable.described_default or variable.default == ""
    assert bool(variable.choices) == (variable.kind == "choice")
    assert not variable.choices or variable.default in (None, *variable.choices)


def test_every_kind_has_a_reader() -> None:
    assert set(READERS) == set(KINDS) == {variable.kind for variable in VARIABLES}


def used() -> Iterator[tuple[str, str]]:
    """Variables that roles, playbooks and pages name, each with the file."""
    for folder, pattern in (("roles", "*.yml"), ("playbooks", "*.yml"), ("docs", "*.md"), ("extensions", "*.yml")):
        for path in (ROOT / folder).rglob(pattern):
            for name in NAME.findall(path.read_text(encoding="utf-8")):
                yield name, str(path.relative_to(ROOT))


def test_whatever_is_used_is_known() -> None:
    assert {(name, path) for name, path in used() if not is_known(name)} == set()


def test_works_are_playbooks() -> None:
    assert [work for work in NEEDED if not (ROOT / f"playbooks/{work}.yml").exists()] == []
    assert {name for names in NEEDED.values() for name in names} <= set(BY_NAME)


TYPES = {
    "text": {"str"},
    "choice": {"str"},
    "whole": {"int"},
    "number": {"float"},
    "boolean": {"bool"},
    "duration": {"int"},
    "texts": {"list"},
    "wholes": {"list"},
    "mapping": {"dict"},
    "headers": {"dict"},
    "hidden": {"str"},
    "body": {"json"},
    "shape": {"dict"},
    "shapes": {"list"},
}


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        (CHECK, CheckOptions.argument_spec()),
        (METRIC, MetricOptions.argument_spec()),
        (NEW_TEST_ROUTE, RouteToTest.argument_spec()),
    ],
    ids=["checks", "metrics", "test route"],
)
def test_shapes_are_those_of_the_modules(keys: Mapping[str, Key], options: Mapping[str, Any]) -> None:
    assert set(keys) == set(options)
    for name, key in keys.items():
        option = options[name]
        assert option["type"] in TYPES[key.kind], name
        assert list(key.choices) == list(option.get("choices", [])), name
        assert (key.default, key.required) == (option.get("default"), option.get("required", False)), name
        if key.keys:
            test_shapes_are_those_of_the_modules(key.keys, option["options"])


@pytest.mark.parametrize("seconds", [0, 1, 60, 90, 3600, 5400, 86399, 86400, 31536000])
def test_a_duration_is_read_as_it_is_described(seconds: int) -> None:
    assert read_duration(described_duration(seconds)) == seconds


def test_the_specs_are_for_people_alone() -> None:
    """Ansible validates the entry point main, and would refuse text that the definition takes."""
    specs = yaml.safe_load((ROOT / "roles/bluegreen/meta/argument_specs.yml").read_text(encoding="utf-8"))
    assert list(specs["argument_specs"]) == ["service"]
    assert set(specs["argument_specs"]["service"]["options"]) == set(BY_NAME)
