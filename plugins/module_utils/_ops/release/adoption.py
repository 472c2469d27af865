# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at a service that was not made for blue and green, and reports all that prevents its adoption."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2, listeners
from ..._core.base.arns import is_arn
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report, refuse
from ..._core.base.tags import tags_of
from ..._core.release.adoption import (
    Adoption,
    check_exists,
    check_idle,
    check_stickiness,
    check_type,
    check_vacant,
    find_group,
    group_warnings,
    strays,
    todo,
)
from ..._core.service.environments import arns_of, check_owners, check_routes, find_stable
from ..._core.service.settlement import lacking_claim
from ..._core.targets.registration import Target
from ..._core.traffic.kinds import parse_routes
from ..._core.traffic.load_balancers import check_load_balancers
from ..._core.traffic.pairs import COLORS, Color, read_pairs
from ..._core.traffic.target_group_copy import Traits, check_target_group_name
from ..._core.traffic.test_route import Asked
from ..base.run import Run, together
from ..targets.health import read_targets
from ..traffic.kinds import read_routes
from ..traffic.target_group_copy import find_target_groups, read_traits, require_alike
from ..traffic.test_route import Standing, look, read_production

Options = Mapping[str, Any]
Item = Mapping[str, Any]
NOTHING = Traits({}, {}, {})


def adoption_info(options: Options, run: Run) -> dict[str, Any]:
    """The work of module adoption_info. Reads only."""
    report, seconds = Report(), options["stickiness_seconds"]
    adoption = _identify(run, report, options)
    source, groups, targets = together(
        partial(read_traits, run, adoption.described[adoption.stable]),
        partial(_groups, run),
        partial(_targets, run, adoption),
    )
    report.of(check_idle, adoption)
    report.of(check_type, adoption)
    report.of(check_stickiness, adoption, source.attributes, seconds)
    report.of(_check_load_balancers, adoption)
    report.of(check_vacant, adoption, groups, targets[adoption.candidate])
    lacking = report.of(_copy, run, adoption, source) or NOTHING
    group = report.of(find_group, adoption, groups, options["group"]) or {}
    standing = report.of(_test_route, run, adoption, options["test_route"]) or Standing(None, [])
    unclaimed = _unclaimed(report, adoption, group)
    _hand_in(report, options)

    left = [*todo(adoption, lacking, unclaimed, seconds)]
    if options["test_route"] and not standing.route:
        left.append("Make the test route.")
    known = [*options["known"], *([standing.route.arn] if standing.route else [])]
    return {
        "changed": False,
        "adoption": adoption.as_data(group["AutoScalingGroupName"], left),
        "warnings": [
            *group_warnings(adoption, group, targets[adoption.stable]),
            *strays(adoption, _forwards(run, adoption), known),
        ],
    }


def _identify(run: Run, report: Report, options: Options) -> Adoption:
    """Which of the two target groups is the live one. Without an answer, there is nothing to look at further."""
    named = {color: its[0] for color, its in read_pairs(options["target_groups"]).items()}
    definitions = parse_routes(options["routes"])
    if any(each.in_front for each in definitions):
        raise BluegreenError(
            "To be adopted, a service has listeners and listener rules for routes; one with DNS records needs a load "
            "balancer for each environment, and its records become weighted with the first release (docs/dns.md)."
        )
    read = [report.of(read_routes, run, [each]) for each in definitions]
    both = zip(COLORS, find_target_groups(run, *[named[color] for color in COLORS]), strict=True)
    described = {color: group for color, group in both if group}
    if not described:
        report.of(_none_exists, named)
    _hand_in(report, options)
    groups = {color: [group["TargetGroupArn"]] for color, group in described.items()}
    routes = [route.leading(groups) for each in read for route in each or []]
    for route in routes:
        report.of(check_routes, [route])
    _hand_in(report, options)
    tags = elbv2.describe_tags(run.client("elbv2"), arns_of(groups))
    report.of(check_owners, options["service"], groups, tags)
    stable = report.of(find_stable, options["service"], routes, groups, tags) or ""
    _hand_in(report, options)
    adoption = Adoption(options["service"], stable, named, described, tags, routes)
    report.of(check_exists, adoption)
    _hand_in(report, options)
    return adoption


def _hand_in(report: Report, options: Options) -> None:
    refuse(f"{options['service']} cannot be adopted as it is", report.findings)


def _none_exists(named: Mapping[Color, str]) -> None:
    raise BluegreenError(
        f"There is neither a target group {named['blue']} nor {named['green']}; one of the two is the one that the "
        "service has, the other gets made."
    )


def _check_load_balancers(adoption: Adoption) -> None:
    owners = {each["TargetGroupArn"]: each["LoadBalancerArns"] for each in adoption.described.values()}
    check_load_balancers(adoption.routes, owners)


def _copy(run: Run, adoption: Adoption, source: Traits) -> Traits:
    """What the copy lacks: everything, while it does not exist."""
    existing = adoption.described.get(adoption.candidate)
    if existing:
        original = adoption.described[adoption.stable]
        return require_alike(run, original, source, existing, read_traits(run, existing))
    name = adoption.named[adoption.candidate]
    if is_arn(name):
        raise BluegreenError(f"There is no target group {name}; to have it made, give a name.")
    check_target_group_name(name)
    return source


def _groups(run: Run) -> list[Item]:
    """All that stay: AWS can't list them by target group."""
    return [group for group in autoscaling.describe_groups(run.client("autoscaling")) if "Status" not in group]


def _targets(run: Run, adoption: Adoption) -> dict[Color, list[Target]]:
    """Of each color, none of one that does not exist."""
    reads = [partial(read_targets, run, arn) for arn in adoption.arns.values()]
    return {color: [] for color in COLORS} | dict(zip(adoption.arns, together(*reads), strict=True))


def _test_route(run: Run, adoption: Adoption, asked: Options | None) -> Standing:
    if not asked:
        return Standing(None, [])
    production = read_production(run, adoption.routes[0].title)
    return look(run, Asked.read(asked), production, list(adoption.arns.values()))


def _unclaimed(report: Report, adoption: Adoption, group: Item) -> list[str]:
    """What does not say yet whose it is."""
    owned = [(color, arn, adoption.name(color), adoption.tags[arn]) for color, arn in adoption.arns.items()]
    if group:
        name = group["AutoScalingGroupName"]
        owned.append((adoption.stable, name, name, tags_of(group)))
    return [name for color, arn, name, tags in owned if report.of(lacking_claim, adoption.service, color, arn, tags)]


def _forwards(run: Run, adoption: Adoption) -> dict[str, list[Item]]:
    """What every listener and rule of the load balancer does, by ARN."""
    client = run.client("elbv2")
    arns = [each["ListenerArn"] for each in listeners.listeners_of(client, adoption.routes[0].load_balancer)]
    rules = together(*[partial(listeners.rules_of, client, arn) for arn in arns])
    return {
        arn if rule["IsDefault"] else rule["RuleArn"]: rule["Actions"]
        for arn, its in zip(arns, rules, strict=True)
        for rule in its
    }
