# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about groups: fields that moto drops, checks that it lacks, actions that it misses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from . import limits, mixed, validation
from .attachments import ELBV2
from .backend import LabAutoScaling
from .group_metrics import ALL_METRICS
from .hooks import Hook
from .warm_pool import check_policy

DEFAULT_RECORDS = 50
MOST_RECORDS = 100


class GroupRequests(AutoScalingResponse):
    @property
    def backend(self) -> LabAutoScaling:
        return cast(LabAutoScaling, self.autoscaling_backend)

    @property
    def group_name(self) -> str:
        return cast(str, self._get_param("AutoScalingGroupName"))

    def create_auto_scaling_group(self) -> ActionResult:
        """A name in use is AlreadyExists; nothing is left of a group that was refused."""
        request = self._get_params()
        if self.group_name in self.backend.autoscaling_groups:
            raise validation.already_exists(self.group_name)
        limits.check_name(self.group_name)
        limits.check_tags(request.get("Tags", []))
        arns = [*request.get("TargetGroupARNs", []), *self._sources()]
        validation.check_sizes(request["MinSize"], request["MaxSize"], request.get("DesiredCapacity"))
        validation.check_sources(self.backend.elbv2, arns)
        validation.check_lifetime(request)
        validation.check_template(self.backend.ec2_backend, request)
        validation.check_configuration(self.backend.launch_configurations, request)
        hooks = [Hook.requested(self.group_name, each) for each in request.get("LifecycleHookSpecificationList", [])]
        self.params = {**request, **self._policy(request, {}), "TargetGroupARNs": arns}
        super().create_auto_scaling_group()
        group = self.backend.group(self.group_name)
        group.hooks = {hook.lifecycle_hook_name: hook for hook in hooks}
        group.health_check_grace_period = 0  # AWS's default; moto's is 300
        group.keep(request)
        return EmptyResult()

    def update_auto_scaling_group(self) -> ActionResult:
        """Changes what was sent, all of it, and nothing else."""
        request = self._get_params()
        group = self.backend.changeable(self.group_name)
        validation.check_source_is_free(group, request)
        minimum, maximum = request.get("MinSize", group.min_size or 0), request.get("MaxSize", group.max_size or 0)
        validation.check_sizes(minimum, maximum, request.get("DesiredCapacity"))
        validation.check_lifetime(request)
        validation.check_template(self.backend.ec2_backend, request)
        validation.check_configuration(self.backend.launch_configurations, request)
        self.params = {**request, **self._policy(request, group.mixed_instances_policy or {})}
        if group.warm_pool:
            check_policy(self.params.get("MixedInstancesPolicy"))
        super().update_auto_scaling_group()
        group.keep(request)
        return EmptyResult()

    def _policy(self, request: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
        field = "MixedInstancesPolicy"
        return {field: mixed.completed(request[field], known, self.backend.ec2_backend)} if field in request else {}

    def create_or_update_tags(self) -> ActionResult:
        tags = self._get_param("Tags", [])
        for name in {tag["ResourceId"] for tag in tags}:
            its = [tag for tag in tags if tag["ResourceId"] == name]
            limits.check_tags(its, [tag["Key"] for tag in self.backend.group(name).tags])
        return super().create_or_update_tags()

    def delete_auto_scaling_group(self) -> ActionResult:
        self.backend.delete_auto_scaling_group(self.group_name, self._get_bool_param("ForceDelete", False))
        return EmptyResult()

    def describe_auto_scaling_groups(self) -> ActionResult:
        """MaxRecords up to 100; more is the caller's mistake, not the server's."""
        groups = self.backend.describe_auto_scaling_groups(
            self._get_param("AutoScalingGroupNames", []), filters=self._get_param("Filters", [])
        )
        return self._page("AutoScalingGroups", groups)

    def describe_scaling_activities(self) -> ActionResult:
        found = self.backend.log.about(self._get_param("AutoScalingGroupName"), self._get_param("ActivityIds", []))
        if not self._get_bool_param("IncludeDeletedGroups", False):
            arns = {group.arn for group in self.backend.autoscaling_groups.values()}
            found = [activity for activity in found if activity.group_arn in arns]
        return self._page("Activities", [activity.described() for activity in found])

    def set_instance_health(self) -> ActionResult:
        self.backend.set_instance_health(
            self._get_param("InstanceId"),
            self._get_param("HealthStatus"),
            self._get_bool_param("ShouldRespectGracePeriod", True),
        )
        return EmptyResult()

    def suspend_processes(self) -> ActionResult:
        self.backend.changeable(self.group_name)
        validation.check_processes(self._get_param("ScalingProcesses", []))
        return super().suspend_processes()

    def resume_processes(self) -> ActionResult:
        self.backend.changeable(self.group_name)
        validation.check_processes(self._get_param("ScalingProcesses", []))
        return super().resume_processes()

    def enable_metrics_collection(self) -> ActionResult:
        """Without names, all metrics."""
        group = self.backend.changeable(self.group_name)
        group.metrics = sorted({*group.metrics, *(self._get_param("Metrics") or ALL_METRICS)})
        return EmptyResult()

    def disable_metrics_collection(self) -> ActionResult:
        group = self.backend.changeable(self.group_name)
        names = self._get_param("Metrics") or group.metrics
        group.metrics = [metric for metric in group.metrics if metric not in names]
        return EmptyResult()

    def describe_account_limits(self) -> ActionResult:
        """The defaults of a new account, not read from AWS."""
        return ActionResult(
            {
                "MaxNumberOfAutoScalingGroups": 500,
                "MaxNumberOfLaunchConfigurations": 200,
                "NumberOfAutoScalingGroups": len(self.backend.autoscaling_groups),
                "NumberOfLaunchConfigurations": len(self.backend.launch_configurations),
            }
        )

    # -- traffic sources, in both spellings

    def describe_load_balancer_target_groups(self) -> ActionResult:
        states = [
            {"LoadBalancerTargetGroupARN": each.arn, "State": each.state}
            for each in self.backend.attachments_of(self.group_name, ELBV2)
        ]
        return self._page("LoadBalancerTargetGroups", states)

    def attach_traffic_sources(self) -> ActionResult:
        self.backend.attach_load_balancer_target_groups(self.group_name, self._sources())
        return EmptyResult()

    def detach_traffic_sources(self) -> ActionResult:
        self.backend.detach_load_balancer_target_groups(self.group_name, self._sources())
        return EmptyResult()

    def describe_traffic_sources(self) -> ActionResult:
        found = self.backend.attachments_of(self.group_name, self._get_param("TrafficSourceType"))
        states = [{**each.source, "TrafficSource": each.arn, "State": each.state} for each in found]
        return self._page("TrafficSources", states)

    def _sources(self) -> list[str]:
        return [source["Identifier"] for source in self._get_param("TrafficSources", [])]

    def _page(self, member: str, found: list[Any], most: int = MOST_RECORDS, **more: Any) -> ActionResult:
        """Tokens are positions; AWS's are opaque."""
        size = self._get_int_param("MaxRecords", DEFAULT_RECORDS)
        if not 1 <= size <= most:
            raise ValidationError(f"MaxRecords must be between 1 and {most}")
        start = int(self._get_param("NextToken") or 0)
        end = start + size
        return ActionResult({member: found[start:end], "NextToken": str(end) if len(found) > end else None, **more})
