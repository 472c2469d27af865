# SPDX-License-Identifier: GPL-3.0-or-later
"""A live group with everything: its clone differs in what the release decides, and in nothing else."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo
from ..whole import TOPICS, Whole, described, leaves

ALLOWED_DIFFERENCES = [
    "*.AutoScalingGroupName",
    "group.AutoScalingGroupARN",
    "group.CreatedTime",
    "group.Instances.*",
    "group.WarmPoolSize",
    "group.LaunchTemplate.Version",
    "group.TargetGroupARNs.0",
    "group.TrafficSources.0.Identifier",
    "group.Tags.*.ResourceId",
    "group.Tags.bluegreen:*.Value",
    "policies.*.PolicyARN",
    "policies.*.Alarms.*.AlarmName",
    "policies.*.Alarms.*.AlarmARN",
    "policies.requests.TargetTrackingConfiguration.PredefinedMetricSpecification.ResourceLabel",
    "policies.math.TargetTrackingConfiguration.CustomizedMetricSpecification.Metrics.0.MetricStat.Metric.Dimensions.1.Value",
    "policies.metric.TargetTrackingConfiguration.CustomizedMetricSpecification.Dimensions.1.Value",
    "policies.forecast.PredictiveScalingConfiguration.MetricSpecifications.0.PredefinedMetricPairSpecification.ResourceLabel",
    "alarms.*.AlarmName",
    "alarms.*.AlarmArn",
    "alarms.*.AlarmActions.0",
    "alarms.*.*Timestamp",
    "group.InstanceLifecyclePolicy.*",  # which it gets when it settles
    "alarms.*.State*",
    "alarms.more.Dimensions.0.Value",
    "alarms.in-steps.Metrics.0.MetricStat.Metric.Dimensions.1.Value",
    "alarm_tags.*.bluegreen:*",
    "schedules.*.ScheduledActionARN",
]


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


@pytest.fixture
def whole(scene: Scene, demo: Demo) -> Whole:
    return Whole(scene, demo)


def metric_name(arn: str) -> str:
    return arn.rsplit(":", 1)[-1]


def test_the_clone_differs_in_what_the_release_decides_and_nothing_else(
    ask: Ask, scene: Scene, demo: Demo, whole: Whole
) -> None:
    result = ask("autoscaling_clone", **demo.wanted(whole.name, target_groups=[whole.green]))
    assert result["changed"]
    (warning,) = result["warnings"]
    assert f"also attached to {whole.lattice}" in warning
    assert "whatever the weights are" in warning
    clone = result["group"]["name"]
    before, after = dict(leaves(described(scene, whole.name))), dict(leaves(described(scene, clone)))
    different = {path for path in before | after if before.get(path) != after.get(path)}
    assert {path for path in different if not any(fnmatch(path, allowed) for allowed in ALLOWED_DIFFERENCES)} == set()
    for name in (whole.name, metric_name(whole.blue)):
        assert {path for path, value in after.items() if name in str(value)} == set()

    own = {tag["Key"]: tag["Value"] for tag in scene.describe(clone)["Tags"]}
    ours = {"service": demo.service, "color": "green", "release": "1.1.0"}
    assert own == {"team": "shop"} | {f"bluegreen:{key}": value for key, value in ours.items()}
    assert after["alarms.more.AlarmName"] == f"{clone}-busy"
    assert after["alarm_tags.more.team"] == "shop"


def test_it_is_told_with_no_write_and_built_with_each_write_once(
    ask: Ask, demo: Demo, whole: Whole, made: Made
) -> None:
    options = demo.wanted(whole.name, target_groups=[whole.green])
    made()
    reported = ask("autoscaling_clone", check=True, **options)
    assert reported["changed"]
    read = made()
    assert len(read) == 15  # eleven for any group, the load balancer, the alarms, and the tags of each
    assert not [each for each in read if not each.startswith(("Describe", "ListTags"))]
    built = ask("autoscaling_clone", **options)
    name = built["group"]["name"]
    assert (
        reported["copied"]
        == built["copied"]
        == {
            "alarms": [f"{name}-busy", f"{name}-rate-of"],
            "hooks": ["warm-up"],
            "metrics": ["GroupDesiredCapacity", "GroupInServiceInstances"],
            "notifications": TOPICS,
            "policies": ["forecast", "in-steps", "math", "metric", "more", "requests"],
            "schedules": ["night", "once"],
            "suspended_processes": ["AZRebalance", "ReplaceUnhealthy"],
            "warm_pool": True,
        }
    )
    assert made("write") == [
        "CreateLaunchTemplateVersion",
        "CreateAutoScalingGroup",
        "SuspendProcesses",
        "EnableMetricsCollection",
        "PutNotificationConfiguration",
        "PutNotificationConfiguration",
        "PutWarmPool",
        *["PutScalingPolicy"] * 6,
        "PutMetricAlarm",
        "PutMetricAlarm",
        "BatchPutScheduledUpdateGroupAction",
        "DeleteTags",
    ]


AFTER_CREATE = ["SuspendProcesses", "PutScalingPolicy", "DeleteTags"]
MORE_AFTER_CREATE = [
    "EnableMetricsCollection",
    "PutNotificationConfiguration",
    "PutWarmPool",
    "PutMetricAlarm",
    "BatchPutScheduledUpdateGroupAction",
]


@pytest.mark.parametrize(
    "operation", [*AFTER_CREATE, *(pytest.param(each, marks=pytest.mark.thorough) for each in MORE_AFTER_CREATE)]
)
def test_a_run_that_died_half_way_is_completed_by_the_next(
    ask: Ask, scene: Scene, demo: Demo, whole: Whole, operation: str
) -> None:
    options = demo.wanted(whole.name, target_groups=[whole.green])
    scene.lab.fault(operation=operation, times=1, error="AccessDenied")
    assert "AccessDenied" in ask("autoscaling_clone", **options)["msg"]
    completed = ask("autoscaling_clone", **options)
    assert completed["changed"]
    assert completed["diff"]["before"] == {"bluegreen:copying": whole.name}
    source, clone = described(scene, whole.name), described(scene, completed["group"]["name"])
    assert counted(clone) == counted(source)
    assert (
        len(scene.ec2.describe_launch_template_versions(LaunchTemplateId=whole.template)["LaunchTemplateVersions"]) == 2
    )
    assert not ask("autoscaling_clone", **options)["changed"]


def test_a_target_group_that_nothing_forwards_to_is_refused_before_anything_is_written(
    ask: Ask, scene: Scene, demo: Demo, whole: Whole, made: Made
) -> None:
    options = demo.wanted(whole.name, target_groups=[scene.target_group()])
    made()
    assert "Put it in with weight 0 first" in ask("autoscaling_clone", **options)["msg"]
    assert made("write") == []


def test_of_several_target_groups_the_metrics_follow_the_one_that_is_like_the_sources(
    ask: Ask, scene: Scene, demo: Demo, whole: Whole
) -> None:
    admin = scene.target_group(Port=9090)
    built = ask("autoscaling_clone", **demo.wanted(whole.name, target_groups=[admin, whole.green]))
    policies = described(scene, built["group"]["name"])["policies"]
    label = policies["requests"]["TargetTrackingConfiguration"]["PredefinedMetricSpecification"]["ResourceLabel"]
    assert label.endswith(metric_name(whole.green))
    same = scene.target_group()
    other = demo.wanted(whole.name, target_groups=[same, whole.green])
    assert "have the same protocol and port; it must be one" in ask("autoscaling_clone", check=True, **other)["msg"]


def test_the_clone_is_removed_with_all_that_was_made_for_it(ask: Ask, scene: Scene, demo: Demo, whole: Whole) -> None:
    built = ask("autoscaling_clone", **demo.wanted(whole.name, target_groups=[whole.green]))
    name = built["group"]["name"]
    removed = ask("autoscaling_clone", service=demo.service, name=name, state="absent", keep_versions=0)
    assert removed["removed"] == {
        "alarms": [f"{name}-busy", f"{name}-rate-of"],
        "launch_template_versions": [],  # the only one is the latest
    }
    cloudwatch = scene.lab.client("cloudwatch")
    assert cloudwatch.describe_alarms(AlarmNamePrefix=name)["MetricAlarms"] == []
    assert len(described(scene, whole.name)["alarms"]) == 2


def counted(group: dict[str, Any]) -> dict[str, int]:
    """How much there is of each kind."""
    kinds = ("hooks", "policies", "alarms", "schedules", "notifications")
    extra = {field: len(group["group"][field]) for field in ("Tags", "SuspendedProcesses", "EnabledMetrics")}
    return {kind: len(group[kind]) for kind in kinds} | extra | {"warm_pool": len(group["warm_pool"])}
