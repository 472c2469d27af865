# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stand-in of a service consists of: decided from its definition, and from what AWS returned about it.

What nobody said is assumed: three instances, HTTP, health checks like the sample service's, and a rule that takes
every path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ..seed.resources import COLORS, FIRST_PORT, HEALTH, SIZE
from .described import Described, Found
from .inventory import NotReadyError


@dataclass(frozen=True)
class Rule:
    """``arn`` is the one in the definition. ``conditions`` are as CreateRule takes them."""

    arn: str
    conditions: Sequence[Mapping[str, Any]]
    path: str  # one that it matches


@dataclass(frozen=True)
class Listener:
    """``splits``: its default action is a route of the service; otherwise that belongs to somebody else."""

    arn: str
    port: int
    splits: bool
    rules: Sequence[Rule]


@dataclass(frozen=True)
class Balancer:
    """``kind`` is that of CreateLoadBalancer; ``target_groups`` are names by color."""

    name: str
    kind: str
    target_groups: Mapping[str, str]
    listeners: Sequence[Listener]


@dataclass(frozen=True)
class Blueprint:
    """``health`` and ``size`` are parameters of CreateTargetGroup and CreateAutoScalingGroup. ``alarms`` are names with
    what AWS returned about each, empty where that is not known. ``notes`` are sentences: what is assumed although AWS
    was asked."""

    service: str
    balancers: Sequence[Balancer]
    alarms: Mapping[str, Mapping[str, Any]]
    size: Mapping[str, int] = field(default_factory=lambda: SIZE)
    health: Mapping[str, int] = field(default_factory=lambda: HEALTH)
    notes: Sequence[str] = ()


def draw(values: Mapping[str, Any], described: Described) -> Blueprint:
    """The blueprint of a definition."""
    routes, test_route = values["routes"], values["test_route"]
    if any(not isinstance(each, str) for each in routes):
        raise NotReadyError("its routes are DNS records, which a rehearsal does not have yet.")
    arns = [*routes, *([test_route["arn"]] if "arn" in test_route else [])]
    names = list(dict.fromkeys(_parts(each)[2] for each in arns))
    by_color = [values["target_groups"][each] for each in COLORS]
    pairs = [dict(zip(COLORS, pair, strict=True)) for pair in zip(*by_color, strict=True)]
    if len(pairs) not in (1, len(names)):
        raise NotReadyError(f"it has {len(pairs)} pairs of target groups and {len(names)} load balancers.")
    balancers = []
    for number, name in enumerate(names):
        pair = pairs[number if len(pairs) > 1 else 0]
        balancers.append(_balancer(name, [each for each in arns if _parts(each)[2] == name], pair, values, described))
    serving = [each for pair in pairs for each in pair.values()]
    group, checked = described.group_behind(serving), described.target_group(pairs[0]["blue"])
    return Blueprint(
        values["service"],
        balancers,
        {name: described.alarm(name) for name in values["alarms"]},
        {key: int(group.get(key, value)) for key, value in SIZE.items()},
        {key: int(checked.get(key, value)) for key, value in HEALTH.items()},
        [] if described.is_empty else _notes(pairs[0]["blue"], routes, group, described),
    )


def _notes(target_group: str, routes: Sequence[str], group: Found, described: Described) -> list[str]:
    """What was not among that which AWS returned, and what of it is not used."""
    notes = []
    for rule in (each for each in routes if each != _listener_of(each)):
        others = [each.get("Field", "") for each in described.rule(rule).get("Conditions", ())]
        if unused := [each for each in others if each != "path-pattern"]:
            notes.append(f"not rehearsed: {', '.join(unused)} of {rule}")
        if not _patterns(rule, described):
            notes.append(f"assumed: the paths of {rule}, for none is described")
    if not described.target_group(target_group):
        notes.append(f"assumed: the health checks, for target group {target_group} is not described")
    if not group:
        size = SIZE["DesiredCapacity"]
        notes.append(f"assumed: {size} instances, for no group that is described has the service's target groups")
    return notes


def _balancer(
    name: str, arns: Sequence[str], pair: Mapping[str, str], values: Mapping[str, Any], described: Described
) -> Balancer:
    listeners = []
    for number, arn in enumerate(dict.fromkeys(_listener_of(each) for each in arns)):
        rules = [each for each in arns if each != arn and _listener_of(each) == arn]
        listeners.append(Listener(arn, FIRST_PORT + number, arn in arns, _rules(rules, values, described)))
    kind = "network" if _parts(arns[0])[1] == "net" else "application"
    return Balancer(name, kind, {color: _name(each) for color, each in pair.items()}, listeners)


def _rules(arns: Sequence[str], values: Mapping[str, Any], described: Described) -> list[Rule]:
    """In the order of their priorities: the test route takes what has its headers, on any path."""
    test_route = values["test_route"]
    split = [each for each in arns if each != test_route.get("arn")]
    rules = [_by_path(each, f"/{number}" if len(split) > 1 else "", described) for number, each in enumerate(split)]
    return rules if len(split) == len(arns) else [_by_header(test_route), *rules]


def _by_header(test_route: Mapping[str, Any]) -> Rule:
    headers = test_route.get("headers") or {"Host": urlsplit(test_route["url"]).hostname}
    return Rule(test_route["arn"], [_header(name, str(value)) for name, value in headers.items()], "/")


def _by_path(arn: str, assumed: str, described: Described) -> Rule:
    """``assumed`` is what its paths begin with where that is not known."""
    patterns = _patterns(arn, described) or [f"{assumed}/*"]
    condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": patterns}}
    return Rule(arn, [condition], patterns[0].replace("*", "rehearsal").replace("?", "x"))


def _patterns(arn: str, described: Described) -> list[str]:
    return [
        pattern
        for condition in described.rule(arn).get("Conditions", ())
        for pattern in condition.get("PathPatternConfig", {}).get("Values", ())
    ]


def _header(name: str, value: str) -> dict[str, Any]:
    if name.lower() == "host":
        return {"Field": "host-header", "HostHeaderConfig": {"Values": [value]}}
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": [value]}}


def _parts(arn: str) -> list[str]:
    """``[listener, app, NAME, …]``"""
    return arn.rsplit(":", 1)[-1].split("/")


def _listener_of(arn: str) -> str:
    return f"{arn.rsplit(':', 1)[0]}:listener/{'/'.join(_parts(arn)[1:5])}"


def _name(target_group: str) -> str:
    return _parts(target_group)[1] if target_group.startswith("arn:") else target_group
