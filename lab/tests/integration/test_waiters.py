# SPDX-License-Identifier: GPL-3.0-or-later
"""boto3's waiters and paginators, which other tools are made of."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene

QUICKLY = {"Delay": 1, "MaxAttempts": 30}
PAGES_OF_ONE = {"PageSize": 1}


def pages(scene: Scene, service: str, operation: str, field: str, **request: Any) -> list[Any]:
    """Each item comes on a page of its own."""
    found = list(scene.lab.client(service).get_paginator(operation).paginate(**request, PaginationConfig=PAGES_OF_ONE))
    assert all(len(page[field]) <= 1 for page in found)
    return [item for page in found for item in page[field]]


@pytest.fixture
def served(scene: Scene) -> tuple[str, str, str]:
    """A load balancer, its target group, and the group behind it."""
    targets = scene.target_group()
    balancer = scene.load_balancer()
    for port in (80, 81):
        scene.listener({targets: 1}, balancer, port)
    return balancer, targets, scene.group(2, (targets,))


def test_waiters_of_load_balancers_targets_and_instances(scene: Scene, served: tuple[str, str, str]) -> None:
    balancer, targets, group = served
    waiters: list[tuple[Any, str, dict[str, Any]]] = [
        (scene.elbv2, "load_balancer_available", {"LoadBalancerArns": [balancer]}),
        (scene.elbv2, "load_balancer_exists", {"LoadBalancerArns": [balancer]}),
        (scene.elbv2, "target_in_service", {"TargetGroupArn": targets}),
    ]
    for client, name, request in waiters:
        client.get_waiter(name).wait(**request, WaiterConfig=QUICKLY)
    registered = [{"Id": instance} for instance in scene.members(group)]
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=0, DesiredCapacity=0)
    waiter = scene.elbv2.get_waiter("target_deregistered")
    waiter.wait(TargetGroupArn=targets, Targets=registered, WaiterConfig=QUICKLY)
    instances = [each["Id"] for each in registered]
    scene.ec2.get_waiter("instance_terminated").wait(InstanceIds=instances, WaiterConfig=QUICKLY)


def test_paginators_of_load_balancers(scene: Scene, served: tuple[str, str, str]) -> None:
    balancer, targets, _group = served
    other = scene.target_group()
    found = pages(scene, "elbv2", "describe_listeners", "Listeners", LoadBalancerArn=balancer)
    assert {each["Port"] for each in found} == {8080, 8081}
    arns = {each["TargetGroupArn"] for each in pages(scene, "elbv2", "describe_target_groups", "TargetGroups")}
    assert {targets, other} <= arns
    balancers = pages(scene, "elbv2", "describe_load_balancers", "LoadBalancers")
    assert balancer in {each["LoadBalancerArn"] for each in balancers}
    rules = pages(scene, "elbv2", "describe_rules", "Rules", ListenerArn=found[0]["ListenerArn"])
    assert [each["IsDefault"] for each in rules] == [True]


def test_paginators_of_groups(scene: Scene, served: tuple[str, str, str]) -> None:
    group, named = served[2], {"AutoScalingGroupName": served[2]}
    for name in ("out", "in"):
        policy = {"PolicyName": name, "AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 1}
        scene.autoscaling.put_scaling_policy(**named, **policy)
    assert group in {
        each["AutoScalingGroupName"]
        for each in pages(scene, "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups")
    }
    policies = pages(scene, "autoscaling", "describe_policies", "ScalingPolicies", **named)
    assert {each["PolicyName"] for each in policies} == {"out", "in"}
    activities = pages(scene, "autoscaling", "describe_scaling_activities", "Activities", **named)
    assert activities


def test_paginators_of_launch_templates_and_images(scene: Scene) -> None:
    template = scene.template()
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={})
    versions = pages(
        scene, "ec2", "describe_launch_template_versions", "LaunchTemplateVersions", LaunchTemplateId=template
    )
    assert {each["VersionNumber"] for each in versions} == {1, 2}
    templates = pages(scene, "ec2", "describe_launch_templates", "LaunchTemplates")
    assert template in {each["LaunchTemplateId"] for each in templates}
