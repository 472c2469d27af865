# SPDX-License-Identifier: GPL-3.0-or-later
"""A live group with everything that a group can have, and all that AWS tells of a group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from switchyard_lab.scene import Scene

from .demo import Demo

FIELDS: dict[str, Any] = {
    "MinSize": 1,
    "MaxSize": 7,
    "DefaultCooldown": 77,
    "DefaultInstanceWarmup": 66,
    "HealthCheckType": "ELB,VPC_LATTICE",
    "HealthCheckGracePeriod": 55,
    "TerminationPolicies": ["OldestInstance", "Default"],
    "NewInstancesProtectedFromScaleIn": True,
    "MaxInstanceLifetime": 864000,
    "CapacityRebalance": True,
    "Context": "shop",
    "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150},
    "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-only"},
    "AvailabilityZoneImpairmentPolicy": {
        "ZonalShiftEnabled": True,
        "ImpairedZoneHealthCheckBehavior": "IgnoreUnhealthy",
    },
    "CapacityReservationSpecification": {"CapacityReservationPreference": "capacity-reservations-first"},
    "InstanceLifecyclePolicy": {"RetentionTriggers": {"TerminateHookAbandon": "retain"}},
    "LifecycleHookSpecificationList": [
        {
            "LifecycleHookName": "warm-up",
            "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
            "HeartbeatTimeout": 60,
            "DefaultResult": "CONTINUE",
            "NotificationMetadata": "cache",
        }
    ],
}
TOPICS = [f"arn:aws:sns:eu-west-1:123456789012:{name}" for name in ("ops", "team")]


class Whole:
    """The group ``name`` behind the target group ``blue``, and ``green``, in the same listener, for its clone."""

    def __init__(self, scene: Scene, demo: Demo) -> None:
        self.scene = scene
        self.blue, self.green = demo.definition["target_groups"].values()
        self.template = scene.template()
        launched = {"LaunchTemplateId": self.template, "Version": "1"}
        self.lattice = scene.lattice_target_group()
        self.name = demo.group(
            2,
            tags={"team": "shop"},
            LaunchTemplate=launched,
            TargetGroupARNs=[self.blue],
            TrafficSources=[{"Identifier": self.lattice, "Type": "vpc-lattice"}],
            **FIELDS,
        )
        self.balancer = scene.elbv2.describe_target_groups(TargetGroupArns=[self.blue])["TargetGroups"][0][
            "LoadBalancerArns"
        ][0]
        self._policies()
        self._rest()

    def _policies(self) -> None:
        label = f"{_metric(self.balancer)}/{_metric(self.blue)}"
        dimensions = [
            {"Name": "LoadBalancer", "Value": _metric(self.balancer)},
            {"Name": "TargetGroup", "Value": _metric(self.blue)},
        ]
        requests = {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount", "Dimensions": dimensions}
        cpu = {"Name": "AutoScalingGroupName", "Value": self.name}
        simple = self._policy("more", AdjustmentType="ChangeInCapacity", ScalingAdjustment=1, Cooldown=120)
        steps = self._policy(
            "in-steps",
            PolicyType="StepScaling",
            AdjustmentType="PercentChangeInCapacity",
            MinAdjustmentMagnitude=2,
            MetricAggregationType="Maximum",
            EstimatedInstanceWarmup=30,
            StepAdjustments=[
                {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.0, "ScalingAdjustment": 10},
                {"MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 30},
            ],
        )
        requested = {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": label}
        self._track("requests", PredefinedMetricSpecification=requested, DisableScaleIn=True)
        stat = {"Metric": requests, "Stat": "Sum"}
        queries = [
            {"Id": "m1", "MetricStat": stat, "ReturnData": False},
            {"Id": "rate", "Expression": "m1 / 60", "Label": "rate", "ReturnData": True},
        ]
        self._track("math", CustomizedMetricSpecification={"Metrics": queries})
        self._track("metric", CustomizedMetricSpecification={**requests, "Statistic": "Sum"})
        forecast = {"PredefinedMetricType": "ALBRequestCount", "ResourceLabel": label}
        self._policy(
            "forecast",
            PolicyType="PredictiveScaling",
            PredictiveScalingConfiguration={
                "MetricSpecifications": [{"TargetValue": 100.0, "PredefinedMetricPairSpecification": forecast}],
                "Mode": "ForecastOnly",
            },
        )
        self._alarm(f"{self.name}-busy", simple, Namespace="AWS/EC2", MetricName="CPUUtilization", Dimensions=[cpu])
        math = [
            {"Id": "m1", "MetricStat": {**stat, "Period": 60}, "ReturnData": False},
            {"Id": "rate", "Expression": "m1 / 60", "Label": "rate", "ReturnData": True},
        ]
        self._alarm(f"rate-of-{self.name}", steps, Metrics=math)

    def _rest(self) -> None:
        autoscaling, group = self.scene.autoscaling, {"AutoScalingGroupName": self.name}
        soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
        nightly = {"ScheduledActionName": "night", "Recurrence": "0 22 * * *", "TimeZone": "Europe/Berlin"}
        for action in (
            {**nightly, "StartTime": soon, "EndTime": soon + timedelta(days=90), "MinSize": 0},
            {"ScheduledActionName": "once", "StartTime": soon + timedelta(days=1), "MaxSize": 9, "DesiredCapacity": 5},
        ):
            autoscaling.put_scheduled_update_group_action(**group, **action)
        for topic in TOPICS:
            kinds = [f"autoscaling:EC2_INSTANCE_{kind}" for kind in ("LAUNCH", "TERMINATE")]
            autoscaling.put_notification_configuration(**group, TopicARN=topic, NotificationTypes=kinds)
        metrics = ["GroupDesiredCapacity", "GroupInServiceInstances"]
        autoscaling.enable_metrics_collection(**group, Granularity="1Minute", Metrics=metrics)
        reuse = {"ReuseOnScaleIn": True}
        sizes = {"MinSize": 1, "MaxGroupPreparedCapacity": 3}  # one instance
        autoscaling.put_warm_pool(**group, **sizes, PoolState="Stopped", InstanceReusePolicy=reuse)
        autoscaling.suspend_processes(**group, ScalingProcesses=["AZRebalance", "ReplaceUnhealthy"])

    def _policy(self, name: str, **fields: Any) -> str:
        answer = self.scene.autoscaling.put_scaling_policy(AutoScalingGroupName=self.name, PolicyName=name, **fields)
        return str(answer["PolicyARN"])

    def _track(self, name: str, **configuration: Any) -> None:
        tracking = {"TargetValue": 50.0, **configuration}
        self._policy(name, PolicyType="TargetTrackingScaling", TargetTrackingConfiguration=tracking)

    def _alarm(self, name: str, policy: str, **metric: Any) -> None:
        statistic = {} if "Metrics" in metric else {"Statistic": "Average", "Period": 60}
        self.scene.lab.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            AlarmDescription="scales",
            EvaluationPeriods=3,
            DatapointsToAlarm=2,
            ComparisonOperator="GreaterThanThreshold",
            Threshold=1_000_000.0,
            TreatMissingData="notBreaching",
            AlarmActions=[policy, TOPICS[0]],
            Tags=[{"Key": "team", "Value": "shop"}],
            **statistic,
            **metric,
        )


def described(scene: Scene, group: str) -> dict[str, Any]:
    """All that AWS tells of a group; what has a name under its name, alarms by the policies that they set off."""
    autoscaling, cloudwatch = scene.autoscaling, scene.lab.client("cloudwatch")
    named = {"AutoScalingGroupName": group}
    policies = autoscaling.describe_policies(**named)["ScalingPolicies"]
    alarmed = {each["AlarmName"]: policy["PolicyName"] for policy in policies for each in policy.get("Alarms", [])}
    alarms = cloudwatch.describe_alarms(AlarmNames=list(alarmed))["MetricAlarms"] if alarmed else []
    own = [each for each in alarms if not each["AlarmName"].startswith("TargetTracking-")]
    notifications = autoscaling.describe_notification_configurations(AutoScalingGroupNames=[group])
    pool, found = autoscaling.describe_warm_pool(**named), scene.describe(group)
    return {
        "group": {**found, "Tags": _by("Key", found["Tags"])},
        "hooks": _by("LifecycleHookName", autoscaling.describe_lifecycle_hooks(**named)["LifecycleHooks"]),
        "policies": _by("PolicyName", policies),
        "alarms": {alarmed[each["AlarmName"]]: each for each in own},
        "alarm_tags": {
            alarmed[each["AlarmName"]]: _tags(cloudwatch.list_tags_for_resource(ResourceARN=each["AlarmArn"])["Tags"])
            for each in own
        },
        "schedules": _by(
            "ScheduledActionName", autoscaling.describe_scheduled_actions(**named)["ScheduledUpdateGroupActions"]
        ),
        "notifications": sorted(
            (each["TopicARN"], each["NotificationType"]) for each in notifications["NotificationConfigurations"]
        ),
        "warm_pool": pool["WarmPoolConfiguration"],
    }


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its path: ``group.Tags.0.Key``"""
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    else:
        yield path, value
        return
    for key, item in items:
        yield from leaves(item, f"{path}.{key}" if path else str(key))


def _metric(arn: str) -> str:
    return arn.rsplit(":", 1)[-1].removeprefix("loadbalancer/")


def _by(key: str, items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item[key]: item for item in items}


def _tags(items: list[dict[str, str]]) -> dict[str, str]:
    return {item["Key"]: item["Value"] for item in items}
