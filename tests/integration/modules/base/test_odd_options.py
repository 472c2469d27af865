# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the options of a module are: in check mode, where nothing answers, it ends with a result or a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.plugins.loader import action_loader, init_plugin_loader
from ansible.utils.collection_loader import AnsibleCollectionConfig
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.in_process import in_process

MODULES = sorted(each.stem for each in Path(__file__).parents[4].glob("plugins/modules/*.py"))
NOWHERE = {
    "endpoint_url": "http://127.0.0.1:9",
    "region": "eu-west-1",
    "access_key": "a",
    "secret_key": "s",
    "aws_config": {"retries": {"total_max_attempts": 1}},
}
ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
TEXT = [
    *(
        "",
        "web",
        "blue",
        "green",
        "\0",
        "a\0b",
        "\ud800",
        "x" * 3000,
        "9" * 5000,
        "-1",
        "1e999",
        "nan",
        "{{ x }}",
        "[[[",
    ),
    *("arn:", "arn:aws", "arn:::::", f"{ELB}:listener", f"{ELB}:targetgroup/", f"{ELB}:targetgroup/web/0a1b"),
    *(
        f"{ELB}:listener/app/web/0a/1b",
        f"{ELB}:listener-rule/app/web/0a/1b/2c",
        "http://[",
        "s3://bucket",
        "file:///\0",
    ),
    *("2027-01-04T08:00:00+00:00", "99999-13-45", "é" * 300),
]
NUMBERS = [0, 1, -1, 100, 10**20, 1.5]
MADE = {"lease", "plan", "failure", "ended", "asked", "lease.expected"}  # what another module has returned
TEXTS, INTS = st.sampled_from(TEXT), st.sampled_from(NUMBERS) | st.sampled_from(["1", "9" * 5000, "x"])
RAW = st.recursive(
    TEXTS | INTS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)


def values(option: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values of the option's type, mostly, so that the work itself gets them."""
    if "choices" in option:
        return st.sampled_from([*option["choices"], "other"])
    kinds: dict[str, Any] = {
        "str": TEXTS,
        "path": TEXTS,
        "int": INTS,
        "float": INTS,
        "bool": st.booleans(),
        "raw": RAW,
        "json": RAW,
        "dict": options(option["options"]) if "options" in option else st.dictionaries(TEXTS, RAW, max_size=2),
    }
    if option["type"] == "list":
        inner = values({**option, "type": option.get("elements", "raw")})
        return st.lists(inner, max_size=2)
    return kinds[option["type"]] | (TEXTS if option["type"] == "dict" else st.nothing())


def options(spec: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    known = {name: values(option) for name, option in spec.items()}
    required = {name: known[name] for name, option in spec.items() if option.get("required")}
    return st.fixed_dictionaries(
        required, optional={name: each for name, each in known.items() if name not in required}
    )


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("examples", [2, pytest.param(40, marks=pytest.mark.thorough)])
def test_it_ends_with_a_result_or_a_sentence(module: str, examples: int) -> None:
    if AnsibleCollectionConfig.collection_finder is None:
        init_plugin_loader()
    spec = dict(action_loader.get(f"switchyard.bluegreen.{module}", class_only=True).spec.argument_spec())
    spec = {name: option for name, option in spec.items() if not {name, f"{module}.{name}"} & MADE}

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(said=options(spec))
    def ask(said: dict[str, Any]) -> None:
        result = in_process(module, {**said, **NOWHERE}, check=True)
        json.dumps(result, default=str)
        assert isinstance(result.get("msg", ""), str)
        assert "unexpected" not in result.get("msg", ""), result["msg"]
        assert not result.get("failed") or result["msg"].strip()

    ask()
