# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the table of lab/README.md: what the lab imitates of each operation, and what it refuses.

`make imitated` runs it; a test fails where it was forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from botocore.model import Shape
from moto.core.utils import get_service_model

from switchyard_lab.calls.request import MODELS
from switchyard_lab.imitated.guard import ANY, BY, operations, plain

README = Path(__file__).parents[2] / "lab/README.md"
BEGIN, END = "<!-- begin: imitated -->\n", "<!-- end: imitated -->\n"
HEAD = "| Operation | Imitated | Refused |\n|---|---|---|\n"
TITLES = {
    "acm": "AWS Certificate Manager",
    "autoscaling": "Amazon EC2 Auto Scaling",
    "cloudwatch": "Amazon CloudWatch",
    "ec2": "Amazon EC2",
    "elbv2": "Elastic Load Balancing",
    "iam": "AWS Identity and Access Management",
    "route53": "Amazon Route 53",
    "s3": "Amazon S3",
    "scheduler": "Amazon EventBridge Scheduler",
    "servicequotas": "Service Quotas",
    "sns": "Amazon SNS",
    "sqs": "Amazon SQS",
    "ssm": "AWS Systems Manager",
    "sts": "AWS Security Token Service",
}


def services() -> list[str]:
    found = files("switchyard_lab.imitated").iterdir()
    return sorted(each.name.removesuffix(".yml") for each in found if each.name.endswith(".yml"))


def tables() -> str:
    return "".join(f"\n### {TITLES.get(service, service)}\n\n{HEAD}{''.join(_rows(service))}" for service in services())


def _rows(service: str) -> Iterator[str]:
    model = get_service_model(MODELS.get(service, service))
    for name, members in operations(service).items():
        shape = model.operation_model(name).input_shape
        imitated = list(_imitated(members, shape)) if shape else []
        refused = list(_refused(members, shape)) if shape else []
        yield f"| `{name}` | {_listed(imitated)} | {_listed(refused)} |\n"


def _listed(texts: list[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts) or "-"


def _imitated(members: Mapping[str, Any], shape: Shape) -> Iterator[str]:
    """Of one structure or map, each member with what it can be."""
    for name, imitated in members.items():
        if name.startswith(BY):
            chooser = name.removeprefix(BY)
            cases = [_case(case, known, shape) for case, known in imitated.items() if case]
            yield f"{chooser}={' / '.join(cases)}"
        else:
            yield _with_values(name, imitated, _inner(_member(shape, name)))


def _case(case: str, imitated: Any, shape: Shape) -> str:
    if imitated == ANY or not imitated:
        return case
    if isinstance(imitated, list):
        return f"{case}({'/'.join(map(_value, imitated))})"
    return f"{case}{{{', '.join(_imitated(imitated, shape))}}}"


def _with_values(name: str, imitated: Any, inner: Shape) -> str:
    if imitated == ANY:
        return name
    if isinstance(imitated, list):
        return f"{name}={'/'.join(map(_value, imitated))}"
    return f"{name}{{{', '.join(_imitated(imitated, inner))}}}"


def _value(value: Any) -> str:
    return plain(value) or '""'


def _refused(members: Mapping[str, Any], shape: Shape) -> Iterator[str]:
    if shape.type_name == "map":
        yield "other"
        return
    by = next((name for name in members if name.startswith(BY)), "")
    chooser = by.removeprefix(BY)
    cases: Mapping[str, Any] = members.get(by, {})
    in_cases = {name for case in cases.values() if isinstance(case, Mapping) for name in case}
    open_case = any(not isinstance(case, Mapping) for case in cases.values())
    if cases:
        choices = getattr(shape.members[chooser], "enum", None)
        rest = [each for each in choices or [] if each not in cases]
        yield from [f"{chooser}={'/'.join(rest)}"] if rest else [] if choices else [f"{chooser}=other"]
    for name, member in shape.members.items():
        if name == chooser or name in in_cases or open_case:
            continue
        inner = _inner(member)
        if name not in members:
            yield name
        elif isinstance(members[name], list):
            yield f"{name}={_other_values(members[name], inner)}"
        elif members[name] != ANY and (deeper := list(_refused(members[name], inner))):
            yield f"{name}{{{', '.join(deeper)}}}"


def _other_values(imitated: list[Any], shape: Shape) -> str:
    known = list(map(plain, imitated))
    choices = ["true", "false"] if shape.type_name == "boolean" else getattr(shape, "enum", None) or ["other"]
    return "/".join(each for each in choices if each not in known) or "other"


def _member(shape: Shape, name: str) -> Shape:
    return shape.value if shape.type_name == "map" else shape.members[name]


def _inner(shape: Shape) -> Shape:
    while shape.type_name == "list":
        shape = shape.member
    return shape


def readme() -> str:
    text = README.read_text(encoding="utf-8")
    return re.sub(f"(?<={BEGIN}).*(?={END})", lambda _found: f"{tables()}\n", text, flags=re.DOTALL)


if __name__ == "__main__":
    README.write_text(readme(), encoding="utf-8")
    print(README)
