# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at a service that was not made for blue and green, and reports everything that prevents its adoption."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._args.release.adoption import AdoptionOptions
from ..._args.traffic.test_route import RouteToTest
from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.base.arns import is_arn
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refuse
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import tags_of
from ..._core.release.adoption import (
    Adoption,
    Pair,
    check_exists,
    check_idle,
    check_stickiness,
    check_type,
    check_vacant,
    choose_group,
    group_warnings,
    strays,
    todo,
)
from ..._core.service.environments import check_routes
from ..._core.service.settlement import lacking_claim
from ..._core.service.stable import arns_of, check_owners, find_stable
from ..._core.targets.registration import Target
from ..._core.traffic.kinds import parse_routes
from ..._core.traffic.load_balancers import check_all_named, check_load_balancers, check_one_load_balancer
from ..._core.traffic.pairs import COLORS, Color, Named, read_pairs
from ..._core.traffic.target_group_copy import Traits, check_target_group_name
from ..base.run import Run, together
from ..targets.health import read_targets
from ..traffic.kinds import read_routes
from ..traffic.references import references_of
from ..traffic.target_group_copy import find_target_groups, read_traits, require_alike
from ..traffic.test_route import TestRouteState, asked_of, look, read_production

Item = Mapping[str, Any]
NOTHING = Traits({}, {}, {})


def adoption_info(options: AdoptionOptions, run: Run) -> dict[str, Any]:
    """The work of module adoption_info. Reads only."""
    report, seconds = Report(), options.stickiness_seconds
    adoption = _identify(run, report, options)
    pairs = adoption.pairs
    groups, targets, *sources = together(
        partial(_groups, run),
        partial(_targets, run, adoption),
        *[partial(read_traits, run, pair.described[adoption.stable]) for pair in pairs],
    )
    report.of(check_idle, adoption)
    report.of(check_type, adoption)
    for pair, source in zip(pairs, sources, strict=True):
        report.of(check_stickiness, adoption, pair, source.attributes, seconds)
    report.of(_check_load_balancers, adoption)
    report.of(check_vacant, adoption, groups, targets[adoption.candidate])
    copies = [report.of(_copy, run, adoption, *each) for each in zip(pairs, sources, strict=True)]
    lacking = [each or NOTHING for each in copies]
    group = report.of(choose_group, adoption, groups, options.group) or {}
    standing = report.of(_test_route, run, adoption, options.test_route) or TestRouteState(None, [])
    unclaimed = _unclaimed(report, adoption, group)
    _hand_in(report, options)

    left = [*todo(adoption, lacking, unclaimed, seconds)]
    if options.test_route and not standing.route:
        left.append("Make the test route.")
    known = [*options.known, *([standing.route.arn] if standing.route else [])]
    return {
        "changed": False,
        "adoption": adoption.as_data(group["AutoScalingGroupName"], left),
        "warnings": [
            *group_warnings(adoption, group, targets[adoption.stable]),
            *strays(adoption, references_of(run, [route.load_balancer for route in adoption.routes]), known),
        ],
    }


def _identify(run: Run, report: Report, options: AdoptionOptions) -> Adoption:
    """Which of the target groups are the live ones. Without an answer, there is nothing to look at further."""
    named = read_pairs(options.target_groups)
    definitions = parse_routes(options.routes)
    if any(each.in_front for each in definitions):
        raise BluegreenError(
            "To be adopted, a service has listeners and listener rules for routes; one with DNS records needs a load "
            "balancer for each environment, and its records become weighted with the first release (docs/dns.md)."
        )
    read = [report.of(read_routes, run, [each]) for each in definitions]
    pairs = _read_pairs(run, named)
    for pair in pairs:
        if not pair.described:
            report.of(_none_exists, pair)
    _hand_in(report, options)
    environments = {color: [pair.stand_in(color) for pair in pairs] for color in COLORS}
    led = [report.of(route.leading, environments) for each in read for route in each or []]
    routes = [route for route in led if route]
    report.of(check_one_load_balancer, routes)
    if len(routes) == len(definitions):
        report.of(check_all_named, routes, environments)
    for route in routes:
        report.of(check_routes, [route])
    _hand_in(report, options)
    groups = {color: [pair.arns[color] for pair in pairs if color in pair.arns] for color in COLORS}
    tags = elbv2.describe_tags(run.client("elbv2"), arns_of(groups))
    report.of(check_owners, options.service, groups, tags)
    stable = report.of(find_stable, options.service, routes, groups, tags) or ""
    _hand_in(report, options)
    adoption = Adoption(options.service, stable, pairs, tags, routes)
    report.of(check_exists, adoption)
    _hand_in(report, options)
    return adoption


def _hand_in(report: Report, options: AdoptionOptions) -> None:
    refuse(f"{options.service} cannot be adopted as it is", report.findings)


def _read_pairs(run: Run, named: Named) -> list[Pair]:
    found = iter(find_target_groups(run, *[each for color in COLORS for each in named[color]]))
    described = {color: [next(found) for _each in named[color]] for color in COLORS}
    return [
        Pair(
            {color: named[color][number] for color in COLORS},
            {color: group for color in COLORS if (group := described[color][number])},
        )
        for number in range(len(named[COLORS[0]]))
    ]


def _none_exists(pair: Pair) -> None:
    raise BluegreenError(
        f"There is neither a target group {pair.named['blue']} nor {pair.named['green']}; one of the two is the one "
        "that the service has, the other is created."
    )


def _check_load_balancers(adoption: Adoption) -> None:
    described = [group for pair in adoption.pairs for group in pair.described.values()]
    owners = {each["TargetGroupArn"]: each["LoadBalancerArns"] for each in described}
    check_load_balancers(adoption.routes, owners)


def _copy(run: Run, adoption: Adoption, pair: Pair, source: Traits) -> Traits:
    """What the copy lacks: everything, while it does not exist."""
    existing = pair.described.get(adoption.candidate)
    if existing:
        original = pair.described[adoption.stable]
        return require_alike(run, original, source, existing, read_traits(run, existing))
    name = pair.named[adoption.candidate]
    if is_arn(name):
        raise BluegreenError(f"There is no target group {name}; to create it, give a name.")
    check_target_group_name(name)
    return source


def _groups(run: Run) -> list[Item]:
    """All others: AWS can't list them by target group."""
    return [group for group in autoscaling.describe_groups(run.client("autoscaling")) if not is_being_deleted(group)]


def _targets(run: Run, adoption: Adoption) -> dict[Color, list[Target]]:
    """The targets of each color, each once; none of a target group that does not exist."""
    arns = [(color, arn) for color in COLORS for arn in adoption.arns(color)]
    found = together(*[partial(read_targets, run, arn) for _color, arn in arns])
    pairs = list(zip(arns, found, strict=True))
    return {color: [target for (its, _arn), each in pairs if its == color for target in each] for color in COLORS}


def _test_route(run: Run, adoption: Adoption, asked: RouteToTest | None) -> TestRouteState:
    if not asked:
        return TestRouteState(None, [])
    route = adoption.routes[0]
    return look(run, asked_of(asked), read_production(run, route.title), list(route.own.values()))


def _unclaimed(report: Report, adoption: Adoption, group: Item) -> list[str]:
    """What does not say yet whose it is."""
    owned = [
        (color, arn, pair.name(color), adoption.tags[arn])
        for pair in adoption.pairs
        for color, arn in pair.arns.items()
    ]
    if group:
        name = group["AutoScalingGroupName"]
        owned.append((adoption.stable, name, name, tags_of(group)))
    return [name for color, arn, name, tags in owned if report.of(lacking_claim, adoption.service, color, arn, tags)]
