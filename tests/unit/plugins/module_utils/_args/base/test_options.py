# SPDX-License-Identifier: GPL-3.0-or-later
"""A class of options, as AnsibleModule's argument_spec and as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.base.options import Options, given, option
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError


@dataclass(frozen=True, kw_only=True)
class Door(Options, mutually_exclusive=[("width", "height")]):
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True)
class House(Options, required_if=[("state", "present", ["name"])]):
    state: Literal["present", "absent"] = "present"
    name: str | None = None
    key: str | None = option(None, no_log=True)
    floors: int
    doors: Sequence[Door] = ()
    front: Door | None = None
    colors: Sequence[Literal["red", "white"]] = ("red",)
    owner: Any = None
    labels: Mapping[str, str] = field(default_factory=dict)


def read(**given: Any) -> House:
    validator = ArgumentSpecValidator(House.argument_spec(), **House.rules)
    result = validator.validate(given)
    if result.error_messages:
        raise ValueError("; ".join(result.error_messages))
    return House.read({**result.validated_parameters, "access_key": "of somebody else"})


def test_what_is_given_is_read_with_its_types_and_the_rest_has_defaults() -> None:
    assert read(name="mill", floors="2", doors=[{"width": "90"}], front={"height": 200}, owner=[1]) == House(
        name="mill", floors=2, doors=[Door(width=90)], front=Door(height=200), colors=["red"], owner=[1]
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "mill"}, "missing required arguments: floors"),
        ({"floors": 1}, "state is present but all of the following are missing: name"),
        ({"floors": 1, "state": "gone"}, "value of state must be one of: present, absent"),
        ({"floors": "many", "name": "mill"}, "floors"),
        ({"floors": 1, "name": "mill", "colors": ["blue"]}, "value of colors must be one or more of: red, white"),
        ({"floors": 1, "name": "mill", "doors": [{"width": 1, "height": 2}]}, "width|height found in doors"),
        ({"floors": 1, "name": "mill", "roof": True}, "roof"),
    ],
)
def test_what_the_class_does_not_allow_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("|", r"\|")):
        read(**wrong)


def test_a_secret_is_not_logged() -> None:
    assert House.argument_spec()["key"] == {"type": "str", "no_log": True}


def test_what_the_rules_require_is_there() -> None:
    assert given(read(name="mill", floors=1).name) == "mill"
    with pytest.raises(TypeError, match="rules"):
        given(None)


@pytest.mark.parametrize("said", [{"floors": 10**5000}, {"floors": 1, "owner": [{"age": -(10**100)}]}])
def test_a_number_that_nobody_means_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(BluegreenError, match=r"^(floors|owner) has a number of more than 100 digits\.$"):
        House.read(said)
