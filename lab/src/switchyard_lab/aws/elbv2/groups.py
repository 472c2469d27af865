# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing v2, target groups: who refers to them, and how their targets are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import moto.elbv2.models as moto_elbv2
from moto.elbv2.exceptions import TargetGroupNotFoundError

from . import actions as elbv2_actions
from .targets import LabTargetGroup, TargetKey

ENABLED = "zonal_shift.config.enabled"
# TargetAdministrativeOverrideStateEnum and …ReasonEnum in the API's model; that targets have it where zonal shift is
# enabled, whatever their health: "Administrative override" in the user guides of both kinds of load balancers.
NOT_SHIFTED = {"State": "no_override", "Reason": "AdministrativeOverride.NoOverride"}
SHIFTED = {"State": "zonal_shift_active", "Reason": "AdministrativeOverride.ZonalShiftActive"}


class LabHealthStatus(moto_elbv2.FakeHealthStatus):
    administrative_override: dict[str, str] | None = None


class LabTargetGroups(moto_elbv2.ELBv2Backend):
    def in_use(self) -> set[str]:
        """Target groups that a listener or a rule refers to: only these get traffic and health checks."""
        return {arn for group_arns in self._arns_by_balancer().values() for arn in group_arns}

    def zones_by_group(self) -> dict[str, list[str]]:
        """The Availability Zones that are enabled for the load balancer of each target group that is in use."""
        return {
            arn: [zone.zone_name for zone in balancer.availability_zones]
            for balancer in self.load_balancers.values()
            for arn in self.groups_of(balancer)
        }

    def shifted_by_group(self) -> dict[str, str]:
        """From which zone a zonal shift moves the traffic of a target group away."""
        shifted = [(each, getattr(each, "shifted_zone", None)) for each in self.load_balancers.values()]
        return {arn: zone for balancer, zone in shifted if zone for arn in self.groups_of(balancer)}

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
        zones = self.zones_by_group().get(group.arn, [])
        return [self._status(group, key, zones) for key in group.described(targets)]

    def _status(self, group: LabTargetGroup, key: TargetKey, zones: Sequence[str]) -> LabHealthStatus:
        health = group.health_of(key, zones)
        check_port = str(key.port) if group.health_check_port == "traffic-port" else group.health_check_port
        status = LabHealthStatus(key.id, str(key.port), check_port, health.state, health.reason, health.description)
        balancer = self.load_balancers.get(self.balancer_of(group.arn) or "")
        if balancer and balancer.attrs.get(ENABLED) == "true":
            shifted = self.shifted_by_group().get(group.arn)
            status.administrative_override = SHIFTED if shifted and group.zone_of(key) == shifted else NOT_SHIFTED
        return status
