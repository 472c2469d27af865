# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of routes that are of a load balancer: listeners and listener rules."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..._aws.traffic import elbv2
from ..._core.base.errors import BluegreenError
from ..._core.traffic.forward_route import ForwardRoute, Listener
from ..._core.traffic.load_balancers import check_owner
from ..._core.traffic.route import Change
from ..base.run import Run
from ..base.wait import poll
from ..base.writes import Write
from .route import RouteKind, refuse_other

READ_BACK_SECONDS = 10.0

Actions = Sequence[dict[str, Any]]


class ForwardKind(RouteKind[Listener, ForwardRoute]):
    @abstractmethod
    def _actions(self, client: Any, arns: Sequence[str]) -> Mapping[str, Actions]:
        """The actions of listeners or rules by their ARNs."""

    @abstractmethod
    def write(self, run: Run, arn: str, actions: Actions) -> None: ...

    def read(self, run: Run, definitions: Sequence[Listener]) -> list[ForwardRoute]:
        """One call for all."""
        arns = [each.arn for each in definitions]
        found = self._actions(run.client("elbv2"), arns)
        for arn in arns:
            if arn not in found:
                raise BluegreenError(f"AWS knows no route {arn}.")
        return [ForwardRoute.read(arn, found[arn]) for arn in arns]

    def check(self, run: Run, changes: Sequence[Change[ForwardRoute]]) -> None:
        """A target group that a route does not name yet may not belong to another load balancer.

        AWS itself would say so only at the write, when other routes may have been changed already.
        """
        coming = [(change.before, group) for change in changes for group in _newcomers(change)]
        if coming:
            arns = list(dict.fromkeys(group for _route, group in coming))
            found = elbv2.describe_target_groups_by_arn(run.client("elbv2"), arns)
            owners = {group["TargetGroupArn"]: group["LoadBalancerArns"] for group in found}
            for route, group in coming:
                check_owner(route, group, owners[group])

    def writes(self, run: Run, changes: Sequence[Change[ForwardRoute]]) -> list[Write]:
        return [
            Write(
                make=partial(self.write, run, change.after.arn, change.after.sent_back()),
                put_back=partial(self._put_back, run, change),
                done=change.done,
            )
            for change in changes
        ]

    def _put_back(self, run: Run, change: Change[ForwardRoute]) -> None:
        """ELBv2 has no conditional write, so what somebody else has given it meanwhile is looked for right before."""
        (present,) = self._read_again(run, [change])
        refuse_other(change, present)
        self.write(run, change.before.arn, change.before.sent_back())

    def _read_again(self, run: Run, changes: Sequence[Change[ForwardRoute]]) -> list[ForwardRoute]:
        again = self.read(run, [change.after.definition for change in changes])
        return [replace(its, own=change.after.own) for change, its in zip(changes, again, strict=True)]

    def confirm(
        self, run: Run, changes: Sequence[Change[ForwardRoute]], _answers: Sequence[Any], _seconds: float
    ) -> None:
        """ELBv2 is eventually consistent."""

        def as_written(routes: Sequence[ForwardRoute]) -> bool:
            return all(its.shares() == change.after.shares() for change, its in zip(changes, routes, strict=True))

        doing = "waiting until the load balancer shows the new weights"
        found = poll(run, doing, partial(self._read_again, run, changes), as_written, READ_BACK_SECONDS)
        for change, route in zip(changes, found, strict=True):
            refuse_other(change, route)


class ListenerKind(ForwardKind):
    def _actions(self, client: Any, arns: Sequence[str]) -> Mapping[str, Actions]:
        return {item["ListenerArn"]: item["DefaultActions"] for item in elbv2.describe_listeners(client, arns)}

    def write(self, run: Run, arn: str, actions: Actions) -> None:
        elbv2.modify_listener(run.client("elbv2"), arn, actions)


class RuleKind(ForwardKind):
    def _actions(self, client: Any, arns: Sequence[str]) -> Mapping[str, Actions]:
        return {rule["RuleArn"]: rule["Actions"] for rule in read_rules(client, arns)}

    def write(self, run: Run, arn: str, actions: Actions) -> None:
        elbv2.modify_rule(run.client("elbv2"), arn, actions)


def read_rules(client: Any, arns: Sequence[str]) -> list[dict[str, Any]]:
    """A default rule is part of its listener, and changed through it."""
    rules = elbv2.describe_rules(client, arns)
    for rule in rules:
        if rule["IsDefault"]:
            raise BluegreenError(f"{rule['RuleArn']} is a default rule; give its listener's ARN instead.")
    return rules


def _newcomers(change: Change[ForwardRoute]) -> list[str]:
    return [group for group in change.after.target_groups if group not in change.before.target_groups]
