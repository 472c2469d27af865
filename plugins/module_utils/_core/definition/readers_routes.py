# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How routes, target groups and test routes are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..base.arns import is_arn, is_listener, is_rule, target_group_name
from ..base.errors import BluegreenError
from ..base.urls import base_problem
from ..traffic.kinds import parse_route
from ..traffic.pairs import COLORS
from .shapes import read_shape, read_unquoted
from .shapes_known import NEW_TEST_ROUTE, TEST_ROUTE
from .values import CheckFile, ParseYaml, nearest, quoted, read_list, read_mapping, read_names

GROUP_ARN = re.compile(r"arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:targetgroup/[A-Za-z0-9-]{1,32}/[0-9a-f]+")
GROUP_NAME = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?"
)  # CreateTargetGroup in the ELBv2 API reference


def read_routes(given: Any, parse_yaml: ParseYaml) -> list[Any]:
    routes = [each.strip() if isinstance(each, str) else each for each in read_list(given, parse_yaml)]
    if not routes:
        raise BluegreenError("It names no route.")
    problems = [problem for each in routes if (problem := _route_problem(each))]
    repeated = [each for number, each in enumerate(routes) if each in routes[:number]]
    problems += [f"{quoted(each)} is listed twice." for each in repeated]
    if problems:
        raise BluegreenError(" ".join(problems))
    return [dict(each) if isinstance(each, Mapping) else each for each in routes]


def _route_problem(given: Any) -> str | None:
    try:
        parse_route(given)
    except BluegreenError as error:
        return str(error)
    except (AttributeError, TypeError):  # what is by color is no mapping
        return f"{quoted(given)}: what it has by color are mappings of blue and green."
    return None


def read_target_groups(given: Any, parse_yaml: ParseYaml) -> dict[str, list[str]]:
    """The target groups of each color, in the order in which they pair."""
    said = read_mapping(given, parse_yaml)
    problems = []
    for key in said:
        near = nearest(str(key), COLORS)
        if key not in COLORS:
            problems.append(f"There is no color {key}; " + (f"did you mean {near}?" if near else "there are two."))
    problems += [f"It names no target group for {color}." for color in COLORS if not said.get(color)]
    if problems:
        raise BluegreenError(f"{' '.join(problems)} It needs blue and green.")
    groups = {color: read_names(said[color]) for color in COLORS}
    problems = [problem for names in groups.values() for each in names if (problem := _group_problem(each))]
    if problems:
        raise BluegreenError(" ".join(problems))
    _check_pairs(groups)
    return groups


def _group_problem(given: str) -> str | None:
    if is_arn(given):
        return None if GROUP_ARN.fullmatch(given) else f"{given} is not the ARN of a target group."
    if GROUP_NAME.fullmatch(given):
        return None
    return (
        f"{quoted(given)} is not the name of a target group: it has 1 to 32 letters, digits and hyphens, and a hyphen "
        "neither begins nor ends it."
    )


def _check_pairs(groups: Mapping[str, Sequence[str]]) -> None:
    counts = {color: len(names) for color, names in groups.items()}
    if len(set(counts.values())) > 1:
        raise BluegreenError(
            f"blue has {counts['blue']} and green {counts['green']}. The first of blue pairs with the first of green, "
            "and so on, so both need the same number."
        )
    names = [target_group_name(each) if is_arn(each) else each for each in (*groups["blue"], *groups["green"])]
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise BluegreenError(
            f"{', '.join(twice)} is listed twice. Each target group belongs to one color, and is listed once."
        )


def read_test_route(given: Any, parse_yaml: ParseYaml, check_authorities: CheckFile) -> dict[str, Any]:
    """Without what was not given; empty for none."""
    said = read_unquoted(read_mapping, "a mapping", given, parse_yaml)
    route = {key: value for key, value in read_shape(TEST_ROUTE, said, secret=True).items() if value is not None}
    if not route:
        return {}
    problems = []
    if "urls" in route and ("url" in route or "arn" in route):
        problems.append("Set either urls, or arn and url.")
    elif "urls" not in route and not ("url" in route and "arn" in route):
        problems.append("It needs arn and url together, or urls.")
    if "arn" in route and not (is_listener(route["arn"]) or is_rule(route["arn"])):
        problems.append(f"{route['arn']} is not the ARN of a listener or of a listener rule.")
    urls = {**({"url": route["url"]} if "url" in route else {}), **route.get("urls", {})}
    problems += [f"{name}: {problem}" for name, each in urls.items() if (problem := base_problem(each))]
    if "ca_path" in route and (problem := check_authorities(route["ca_path"]) or ""):
        problems.append(problem)
    if problems:
        raise BluegreenError(" ".join(problems))
    return route


def read_new_test_route(given: Any, parse_yaml: ParseYaml) -> dict[str, Any]:
    said = read_unquoted(read_mapping, "a mapping", given, parse_yaml)
    route = {key: value for key, value in read_shape(NEW_TEST_ROUTE, said, secret=True).items() if value is not None}
    if not route:
        return {}
    problems = []
    if "header" in route and ("port" in route or "protocol" in route):
        problems.append("header is for a rule, port and protocol are for a listener: give one or the other.")
    if ("header" in route) != ("priority" in route):
        problems.append("header and priority go together.")
    if "header" not in route and "port" not in route:
        problems.append("It needs a header and a priority, or a port.")
    if problems:
        raise BluegreenError(" ".join(problems))
    return route
