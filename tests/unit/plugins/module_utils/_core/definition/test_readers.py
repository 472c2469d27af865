# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as people write them, in YAML or as text, and what they come to."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.finding import refusals
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.service import Definition, as_data
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variable import Variable
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.variables import BY_NAME, VARIABLES
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from tests.unit.plugins.module_utils._core.definition.reading import read
from tests.unit.plugins.module_utils._core.definition.texts import TEXTS

# What may stand in YAML or JSON.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
# Keys that parsers look for, so that they get beyond them.
KEYS = st.sampled_from(
    [
        "weight",
        "type",
        "pause",
        "seconds",
        "days",
        "from",
        "allow",
        "reason",
        "name",
        "queries",
        "blue",
        "green",
        "zone",
    ]
)
SHAPED = st.dictionaries(KEYS, VALUES, max_size=4)


@pytest.mark.parametrize(("key", "given", "meant"), TEXTS, ids=lambda each: str(each)[:40])
def test_text_means_what_it_stands_for(key: str, given: Any, meant: Any) -> None:
    values, findings = read({f"bluegreen_{key}": given})
    assert (values[key], refusals(findings)) == (meant, [])


def test_blank_text_within_a_value_is_not_set_either() -> None:
    """A status of "" would take any answer, also a 500."""
    blank, findings = read({"bluegreen_checks": [{"path": "/", "status": "", "json": " ", "max_ms": ""}]})
    unset, _findings = read({"bluegreen_checks": [{"path": "/"}]})
    assert (blank["checks"], refusals(findings)) == (unset["checks"], [])


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda each: each.key)
def test_examples_are_good_also_as_text(variable: Variable) -> None:
    value = yaml.safe_load(variable.example)
    for given in (value, value if isinstance(value, str) else variable.example, json.dumps(value)):
        if isinstance(value, str) and given != value:
            continue  # JSON's quotes are part of a text
        values, findings = read({variable.name: given})
        assert refusals(findings) == []
        assert values[variable.key] != variable.default


@settings(max_examples=300, deadline=None)
@drawn(st.sampled_from(VARIABLES), VALUES | SHAPED | st.lists(SHAPED, max_size=2))
def test_no_value_breaks_the_reading(variable: Variable, value: Any) -> None:
    for work in ("deploy", "roll", "rollback"):
        values, findings = read({variable.name: value}, work)
        assert all(each.variable in BY_NAME for each in findings)
        if not findings:
            Definition.read(values)
        as_data(values)
