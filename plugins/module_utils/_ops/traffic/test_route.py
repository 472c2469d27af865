# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes sure that a test route exists: a rule that asks for a header, or a listener of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..._args.traffic.test_route import RouteToTest, TestRouteOptions
from ..._aws.traffic import elbv2, listeners
from ..._core.base.arns import is_rule, listener_of, load_balancer_of
from ..._core.traffic.forward import Forward
from ..._core.traffic.forward_route import ForwardRoute
from ..._core.traffic.kinds import parse_route
from ..._core.traffic.route import Change
from ..._core.traffic.test_route import (
    AskedTestRoute,
    Production,
    check_asked,
    completed,
    find_listener,
    find_rule,
    listener_request,
    rule_request,
    unverifiable,
)
from ..._core.traffic.weights import Percents, check_whole, parse_percents, rounded, shares_of
from ..base.lost_answers import unless_done
from ..base.run import Run, together
from .forward_route import read_rules
from .kinds import check_changes
from .named_groups import target_group_arns
from .route_writes import RouteWrites


@dataclass(frozen=True)
class TestRouteState:
    """What there is of the test route, and the certificates that it lacks next to its first one."""

    route: ForwardRoute | None
    certificates: Sequence[str]


def test_route(options: TestRouteOptions, run: Run) -> dict[str, Any]:
    """The work of module test_route."""
    given, asked = parse_percents(options.weights), asked_of(options)
    check_whole(given)
    production = read_production(run, options.route)
    arns = target_group_arns(run, list(given), [production.route])
    weights = {arns[name]: percent for name, percent in given.items()}
    check_changes(run, [Change(production.route, replace(production.route, forward=Forward(weights, None)))])
    standing, balancer = together(
        partial(look, run, asked, production, list(weights)),
        partial(listeners.describe_load_balancer, run.client("elbv2"), production.listener["LoadBalancerArn"]),
    )
    route: ForwardRoute | None = standing.route
    forward = completed(route, weights) if route else Forward(weights, None)
    arn = route.arn if route else None
    needed = route is None or forward != route.forward or bool(standing.certificates)
    if needed and not run.check_mode:
        arn = _write(run, asked, production, standing, forward)
    url = asked.url(production, balancer["DNSName"])
    before = {"arn": route.arn, "weights": route.as_data()["weights"]} if route else {}
    return {
        "changed": needed,
        "test_route": {"arn": arn, "url": url, "headers": asked.headers()},
        "warnings": [*([] if route else production.warnings()), *unverifiable(url, balancer["DNSName"])],
        "diff": {"before": before, "after": {"arn": arn, "weights": rounded(shares_of(forward.weights))}},
    }


def asked_of(options: RouteToTest) -> AskedTestRoute:
    header = (options.header.name, options.header.value) if options.header else None
    return AskedTestRoute(header, options.priority or 0, options.port or 0, options.protocol, options.host)


def read_production(run: Run, arn: str) -> Production:
    parse_route(arn)
    client = run.client("elbv2")
    reads = [partial(elbv2.describe_listeners, client, [listener_of(arn)])]
    if is_rule(arn):
        reads.append(partial(read_rules, client, [arn]))
    (listener,), *rules = together(*reads)
    return Production(listener, rules[0][0] if rules else None)


def look(run: Run, asked: AskedTestRoute, production: Production, groups: Collection[str]) -> TestRouteState:
    """What is there, and an error for what is in the way. ``groups``: the service's target groups that exist."""
    check_asked(asked, production)
    client, listener = run.client("elbv2"), production.listener
    if asked.header:
        rules = listeners.rules_of(client, listener["ListenerArn"])
        return TestRouteState(find_rule(asked, production, rules, groups), [])
    standing = listeners.listeners_of(client, load_balancer_of(listener["ListenerArn"]))
    found = find_listener(asked, production, standing, groups)
    route = ForwardRoute.read(found["ListenerArn"], found["DefaultActions"]) if found else None
    return TestRouteState(route, _lacking_certificates(run, asked, production, route))


def _lacking_certificates(
    run: Run, asked: AskedTestRoute, production: Production, route: ForwardRoute | None
) -> list[str]:
    """Those of production that CreateListener doesn't take: it takes one."""
    if asked.protocol_of(production) not in ("HTTPS", "TLS"):
        return []
    client = run.client("elbv2")
    default, *others = listeners.certificates_of(client, production.listener["ListenerArn"])
    present = listeners.certificates_of(client, route.arn) if route else [default]
    return [arn for arn in [default, *others] if arn not in present]


def _write(run: Run, asked: AskedTestRoute, production: Production, standing: TestRouteState, forward: Forward) -> str:
    if standing.route:
        arn = standing.route.arn
        if forward != standing.route.forward:
            RouteWrites(run, [Change(standing.route, replace(standing.route, forward=forward))]).write()
    else:
        arn = _create(run, asked, production, forward.weights)
    for certificate in standing.certificates:
        listeners.add_certificate(run.client("elbv2"), arn, certificate)
    return arn


def _create(run: Run, asked: AskedTestRoute, production: Production, weights: Percents) -> str:
    client = run.client("elbv2")

    def made() -> str | None:
        route = look(run, asked, production, list(weights)).route
        return route.arn if route and route.forward == completed(route, weights) else None

    if asked.header:
        create_rule = partial(listeners.create_rule, client, rule_request(asked, production, weights))
        return unless_done(lambda: str(create_rule()["RuleArn"]), "PriorityInUse", made)
    create_listener = partial(listeners.create_listener, client, listener_request(asked, production, weights))
    return unless_done(lambda: str(create_listener()["ListenerArn"]), "DuplicateListener", made)
