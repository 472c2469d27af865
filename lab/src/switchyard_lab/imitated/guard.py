# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuses what the lab does not imitate, and what is too much, before moto takes it and does nothing about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import yaml  # type: ignore[import-untyped]

from ..calls.faults import ApiFault
from ..calls.request import Request
from .limits import too_much

Members = Mapping[str, Any]
ANY = "any"
BY = "by "
# By service, the code with which it refuses what is wrong with a request as such; its HTTP status.
CODES = {
    "autoscaling": ("ValidationError", 400),
    "cloudwatch": ("ValidationError", 400),
    "ec2": ("UnsupportedOperation", 400),
    "elbv2": ("ValidationError", 400),
    "elasticloadbalancing": ("ValidationError", 400),
    "iam": ("ValidationError", 400),
    "route53": ("InvalidInput", 400),
    "s3": ("NotImplemented", 501),
    "sns": ("InvalidParameter", 400),
    "sts": ("ValidationError", 400),
}
OF_OTHERS = ("ValidationException", 400)


def refusal(request: Request) -> ApiFault | None:
    """Names the first thing about the request that the lab does not imitate, or of which it has too much."""
    members = operations(request.service).get(request.operation)
    if members is None:
        named = f"{request.operation} of {request.service}"
        return ApiFault("InvalidAction", f"The lab does not imitate {named} (lab/README.md lists what it does).")
    stranger = next(strangers(members, request.parameters), None)
    why = f"The lab does not imitate {request.operation} {stranger}." if stranger else too_much(request)
    if why is None:
        return None
    code, status = CODES.get(request.service, OF_OTHERS)
    return ApiFault(code, why, status)


@cache
def operations(service: str) -> Mapping[str, Members]:
    """By name; none of a service that the lab does not know."""
    source = files(__package__) / f"{service}.yml"
    if not source.is_file():
        return {}
    loaded: dict[str, Members] = yaml.safe_load(source.read_text())
    every = loaded.get("every", {})
    return {name: {**every, **(members or {})} for name, members in loaded.items() if name[0].isupper()}


def strangers(imitated: Any, value: Any, path: str = "") -> Iterator[str]:
    """The paths of what is not imitated, with the value where that is what matters."""
    if imitated == ANY:
        return
    if isinstance(value, list):
        for each in value:
            yield from strangers(imitated, each, f"{path}[]")
    elif isinstance(imitated, list):
        if not {*plain(value).split(",")} <= {*map(plain, imitated)}:
            yield f"{path}={value}"
    else:
        yield from _in_structure(imitated, value, path)


def _in_structure(imitated: Members, value: Mapping[str, Any], path: str) -> Iterator[str]:
    prefix = f"{path}." if path else ""
    by = next((name for name in imitated if name.startswith(BY)), None)
    known = dict(imitated)
    if by:
        chooser = by.removeprefix(BY)
        chosen = str(value.get(chooser, ""))
        case = case_of(imitated[by], chosen)
        if case is None:
            yield f"{prefix}{chooser}={chosen}"
            return
        prefix = f"{path.removesuffix('[]')}[{chosen}]." if path else ""
        others = [name for name in value if name not in imitated]
        known |= case if isinstance(case, Mapping) else dict.fromkeys(others, case)
        known[chooser] = ANY
    for name, each in value.items():
        if name not in known:
            yield prefix + name
        else:
            yield from strangers(known[name], each, prefix + name)


def case_of(cases: Mapping[str, Any], chosen: str) -> Any:
    return next((case for pattern, case in cases.items() if fnmatchcase(chosen, pattern)), None)


def plain(value: Any) -> str:
    """For comparison: attributes have their truth as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
