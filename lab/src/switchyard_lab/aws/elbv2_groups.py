# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing v2, target groups: who refers to them, and how their targets are."""

from __future__ import annotations

from typing import Any

import moto.elbv2.models as moto_elbv2
from moto.elbv2.exceptions import TargetGroupNotFoundError

from . import elbv2_actions
from .elbv2_targets import LabTargetGroup, TargetKey


class LabTargetGroups(moto_elbv2.ELBv2Backend):
    def in_use(self) -> set[str]:
        """Target groups that a listener or a rule refers to: only these get traffic and health checks."""
        return {arn for group_arns in self._arns_by_balancer().values() for arn in group_arns}

    def balancer_of(self, target_group_arn: str) -> str | None:
        return next((arn for arn, groups in self._arns_by_balancer().items() if target_group_arn in groups), None)

    @staticmethod
    def groups_of(balancer: moto_elbv2.FakeLoadBalancer) -> set[str]:
        return {
            arn
            for listener in balancer.listeners.values()
            for rule in listener.rules.values()
            for action in rule.actions
            for arn in elbv2_actions.target_groups(action.data)
        }

    def _arns_by_balancer(self) -> dict[str, set[str]]:
        return {balancer.arn: self.groups_of(balancer) for balancer in self.load_balancers.values()}

    def _associate(self) -> None:
        """LoadBalancerArns names each load balancer once, and only while it refers to the group."""
        by_balancer = self._arns_by_balancer()
        for group in self.target_groups.values():
            group.load_balancer_arns = [arn for arn, groups in by_balancer.items() if group.arn in groups]

    # -- targets

    def group(self, arn: str) -> LabTargetGroup:
        group = self.target_groups.get(arn)
        if not isinstance(group, LabTargetGroup):
            raise TargetGroupNotFoundError()
        return group

    def deregister_targets(self, target_group_arn: str, instances: list[dict[str, Any]]) -> None:
        """Targets of a group that gets no traffic have nothing to drain."""
        group = self.group(target_group_arn)
        group.deregister(instances)
        if group.arn not in self.in_use() or group.target_type == "lambda":
            group.draining.clear()

    def describe_target_health(
        self, target_group_arn: str, targets: list[dict[str, Any]]
    ) -> list[moto_elbv2.FakeHealthStatus]:
        """Health is what the data plane saw, or why the data plane does not look."""
        group = self.group(target_group_arn)
        in_use = group.arn in self.in_use()
        return [self._status(group, key, in_use) for key in group.described(targets)]

    def _status(self, group: LabTargetGroup, key: TargetKey, in_use: bool) -> moto_elbv2.FakeHealthStatus:
        health = group.health_of(key, in_use)
        check_port = str(key.port) if group.health_check_port == "traffic-port" else group.health_check_port
        return moto_elbv2.FakeHealthStatus(
            key.id, str(key.port), check_port, health.state, health.reason, health.description
        )
