# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads every listener and rule of a load balancer, to find those that refer to a target group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any

from ..._aws.traffic import elbv2, listeners
from ..._core.service.environments import Service
from ..._core.traffic.references import Reference, read_references, renewed, with_traffic
from ..base.run import Run, together


def references_of(run: Run, load_balancers: Iterable[str]) -> list[Reference]:
    """All listeners and rules that forward, of these load balancers by ARN.

    One call for each load balancer and one for each listener. A dual-stack Network Load Balancer has rules, too
    (Listener rules for your Network Load Balancer, in its user guide); DescribeRules works for any but Gateway
    Load Balancers (boto/boto3#3591).
    """
    client = run.client("elbv2")
    every = _listeners_of(run, load_balancers)
    rules = together(*[partial(listeners.rules_of, client, listener["ListenerArn"]) for listener in every])
    return [
        reference for listener, its in zip(every, rules, strict=True) for reference in read_references(listener, its)
    ]


def reread(run: Run, load_balancers: Iterable[str], rules: Sequence[Reference]) -> list[Reference]:
    """The same in fewer calls for who knows the ``rules`` that matter: all listeners, and of the rules only these."""
    client, arns = run.client("elbv2"), [rule.arn for rule in rules]
    every, described = together(
        partial(_listeners_of, run, load_balancers), partial(elbv2.describe_rules, client, arns) if arns else list
    )
    found = [reference for listener in every for reference in read_references(listener, [])]
    return [*found, *renewed(rules, described)]


def _listeners_of(run: Run, load_balancers: Iterable[str]) -> list[dict[str, Any]]:
    client = run.client("elbv2")
    found = together(*[partial(listeners.listeners_of, client, arn) for arn in dict.fromkeys(load_balancers)])
    return [listener for each in found for listener in each]


def read_strays(run: Run, service: Service, target_groups: Collection[str], test_route: str | None) -> list[Reference]:
    """Listeners and rules that send requests to these target groups, and are neither routes nor the test route.

    Where routes lead to load balancers, an environment has listeners of its own, which send it everything that comes to
    them; what comes, the routes decide. So none is a stray there.
    """
    if service.in_front:
        return []
    references = references_of(run, [route.load_balancer for route in service.routes])
    known = [route.title for route in service.routes]
    return with_traffic(references, target_groups, [*known, *filter(None, [test_route])])
