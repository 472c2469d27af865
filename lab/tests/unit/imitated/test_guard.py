# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab does not imitate is refused by name; what it says that it imitates, AWS and moto know."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from botocore.model import Shape
from moto.core.utils import get_service_model

from switchyard_lab.calls.request import MODELS
from switchyard_lab.imitated.guard import ANY, BY, operations, plain, strangers

IMITATED = {
    "Name": "any",
    "Type": ["application", "network"],
    "Shift": [False],
    "Attributes": {"by Key": {"slow": "any", "algorithm": ["in turn"], "tag:*": "any"}},
    "Actions": {"Order": "any", "by Type": {"forward": {"Groups": {"Arn": "any"}}, "": {}}},
}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"Name": {"whatever": 1}}, []),
        ({"Name": "x", "Scheme": "internal"}, ["Scheme"]),
        ({"Type": "gateway"}, ["Type=gateway"]),
        ({"Type": "application,network"}, []),
        ({"Type": "application,gateway"}, ["Type=application,gateway"]),
        ({"Shift": False}, []),
        ({"Shift": True}, ["Shift=True"]),
        ({"Attributes": [{"Key": "slow", "Value": "1"}, {"Key": "fast", "Value": "1"}]}, ["Attributes[].Key=fast"]),
        ({"Attributes": [{"Key": "algorithm", "Value": "random"}]}, ["Attributes[algorithm].Value=random"]),
        ({"Attributes": [{"Key": "tag:team", "Value": "shop"}]}, []),
        ({"Actions": [{"Order": 1, "Type": "forward", "Groups": [{"Arn": "a"}]}]}, []),
        (
            {"Actions": [{"Type": "forward", "Groups": [{"Arn": "a", "Weight": 1}]}]},
            ["Actions[forward].Groups[].Weight"],
        ),
        ({"Actions": [{"Order": 1, "Groups": []}]}, ["Actions[].Groups"]),
    ],
)
def test_strangers_have_their_path(value: dict[str, Any], found: list[str]) -> None:
    assert list(strangers(IMITATED, value)) == found


SERVICES = sorted(each.name[:-4] for each in files("switchyard_lab.imitated").iterdir() if each.name.endswith(".yml"))


@pytest.mark.parametrize("service", SERVICES)
def test_aws_knows_what_is_imitated(service: str) -> None:
    model = get_service_model(MODELS.get(service, service))
    wrong = [
        problem
        for name, members in operations(service).items()
        for problem in _unknown(members, model.operation_model(name).input_shape, name)
    ]
    assert wrong == []


def _unknown(imitated: Any, shape: Shape | None, path: str) -> Iterator[str]:
    """``any`` is not for structures: what AWS adds to one must be refused."""
    while shape is not None and shape.type_name == "list":
        shape = shape.member
    if shape is None:
        yield from [path] if imitated else []
    elif imitated == ANY:
        yield from [f"{path} is a structure"] if shape.type_name == "structure" else []
    elif isinstance(imitated, list):
        enum = getattr(shape, "enum", None)
        yield from [f"{path}={value}" for value in imitated if enum and plain(value) not in enum]
    elif shape.type_name == "map":
        for name, inner in imitated.items():
            yield from _unknown(inner, shape.value, f"{path}.{name}")
    elif shape.type_name != "structure":
        yield f"{path} has no members"
    else:
        for name, inner in imitated.items():
            if name.startswith(BY):
                yield from _unknown_cases(name.removeprefix(BY), inner, shape, path)
            elif name not in shape.members:
                yield f"{path}.{name}"
            else:
                yield from _unknown(inner, shape.members[name], f"{path}.{name}")


def _unknown_cases(chooser: str, cases: dict[str, Any], shape: Any, path: str) -> Iterator[str]:
    enum = getattr(shape.members[chooser], "enum", None)
    for case, imitated in cases.items():
        if case and enum and case not in enum:
            yield f"{path}.{chooser}={case}"
        if isinstance(imitated, dict):
            yield from _unknown(imitated, shape, f"{path}[{case}]")
