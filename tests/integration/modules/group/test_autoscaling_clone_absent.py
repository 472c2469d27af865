# SPDX-License-Identifier: GPL-3.0-or-later
"""The removal of an environment's group."""

from __future__ import annotations

import time

import pytest

from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo

PARTS = ["alarms", "launch_template_versions"]


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


def test_a_group_is_removed_with_its_instances_and_awaited(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name = demo.group(2)
    members = scene.in_service(name, 2)
    asked = {"service": demo.service, "name": name, "state": "absent"}
    made()
    reported = ask("autoscaling_clone", check=True, **asked)
    assert reported["changed"]
    assert made("write") == []
    removed = ask("autoscaling_clone", **asked)
    assert removed["changed"]
    assert removed["diff"]["before"] == {"name": name, "instances": dict.fromkeys(members, "InService")}
    assert removed["removed"] == reported["removed"] == {kind: [] for kind in PARTS}
    assert scene.describe(name) == {}
    assert made("write") == ["CreateOrUpdateTags", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup"]
    assert not ask("autoscaling_clone", **asked)["changed"]


def test_without_wait_a_group_is_on_its_way_out(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name = demo.group(1, TargetGroupARNs=[scene.target_group(delay=200)])
    scene.in_service(name, 1)
    asked = {"service": demo.service, "name": name, "state": "absent"}
    assert "wait: false goes with force only" in ask("autoscaling_clone", wait=False, **asked)["msg"]
    assert ask("autoscaling_clone", wait=False, force=True, **asked)["changed"]
    made()
    waited = ask("autoscaling_clone", **asked)
    assert not waited["changed"]
    assert scene.describe(name) == {}
    assert made("write") == []


def test_a_busy_group_is_deleted_when_it_is_free(ask: Ask, scene: Scene, demo: Demo) -> None:
    name = demo.group(0)
    scene.lab.fault(operation="DeleteAutoScalingGroup", times=2, error="ScalingActivityInProgress")
    assert ask("autoscaling_clone", service=demo.service, name=name, state="absent")["changed"]
    eventually(lambda: scene.describe(name), lambda found: not found)


def test_a_group_of_somebody_else_is_not_removed(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name = scene.group(0)
    made()
    refused = ask("autoscaling_clone", service=demo.service, name=name, state="absent")
    assert "tag bluegreen:service is missing" in refused["msg"]
    assert scene.describe(name)
    assert made("write") == []


def test_a_time_out_names_the_instances_that_are_left(ask: Ask, scene: Scene, demo: Demo) -> None:
    target_group = scene.target_group(delay=2000)
    scene.listener({target_group: 0, scene.target_group(): 100})
    name = demo.group(1, TargetGroupARNs=[target_group])
    (member,) = scene.in_service(name, 1)
    scene.healthy(target_group, 1)
    result = ask("autoscaling_clone", service=demo.service, name=name, state="absent", spread_seconds=1, wait_timeout=1)
    assert f"{name} still has instances 1 s after it was scaled in: {member} (Terminating)" in result["msg"]
    assert list(result["instances"]) == [member]


def test_alarms_that_are_left_of_a_group_that_is_gone_are_deleted_and_no_others(
    ask: Ask, scene: Scene, demo: Demo, made: Made
) -> None:
    name = scene.name("gone")
    mine = {"bluegreen:service": demo.service, "bluegreen:group": name}
    left = quiet_alarm(scene, f"{name}-busy", **mine)
    other = quiet_alarm(scene, f"{name}-latency", team="shop")
    asked = {"service": demo.service, "name": name, "state": "absent"}
    made()
    reported = ask("autoscaling_clone", check=True, **asked)
    assert (reported["changed"], reported["removed"]["alarms"], made("write")) == (True, [left], [])
    removed = ask("autoscaling_clone", **asked)
    assert removed["removed"]["alarms"] == [left]
    assert removed["diff"] == {"before": {"alarms": [left]}, "after": {}}
    assert alarms(scene, name) == [other]
    assert not ask("autoscaling_clone", **asked)["changed"]


def test_a_group_is_shrunk_over_the_time_that_it_is_given(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name = demo.group(3, NewInstancesProtectedFromScaleIn=True)
    scene.in_service(name, 3)
    made()
    began = time.monotonic()
    removed = ask("autoscaling_clone", service=demo.service, name=name, state="absent", spread_seconds=2)
    assert removed["changed"]
    assert time.monotonic() - began >= 2
    assert made("write") == [
        "CreateOrUpdateTags",
        "SetInstanceProtection",
        *["UpdateAutoScalingGroup"] * 3,
        "DeleteAutoScalingGroup",
    ]
    assert scene.describe(name) == {}


def test_old_versions_are_deleted_but_for_those_that_are_needed(ask: Ask, scene: Scene, demo: Demo) -> None:
    template = scene.template()
    source = demo.group(LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    names = []
    for _version in range(4):
        candidate = ask("autoscaling_clone", **demo.wanted(source))
        names.append(candidate["group"]["name"])
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.large"}
    )
    assert versions(scene, template) == [1, 2, 3, 4, 5, 6]
    asked = {"service": demo.service, "name": names[3], "state": "absent", "keep_versions": 1}
    assert ask("autoscaling_clone", **asked)["removed"]["launch_template_versions"] == []
    asked |= {"name": names[0], "keep_versions": 0}
    reported = ask("autoscaling_clone", check=True, **asked)
    removed = ask("autoscaling_clone", **asked)
    assert removed["removed"] == reported["removed"]
    assert removed["removed"]["launch_template_versions"] == [f"{template}:2", f"{template}:5"]
    assert versions(scene, template) == [1, 3, 4, 6]


def quiet_alarm(scene: Scene, name: str, **tags: str) -> str:
    scene.lab.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="Nobody",
        MetricName="Nothing",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=5,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    return name


def alarms(scene: Scene, prefix: str) -> list[str]:
    found = scene.lab.client("cloudwatch").describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]
    return [alarm["AlarmName"] for alarm in found]


def versions(scene: Scene, template: str) -> list[int]:
    found = scene.ec2.describe_launch_template_versions(LaunchTemplateId=template)["LaunchTemplateVersions"]
    return sorted(version["VersionNumber"] for version in found)
