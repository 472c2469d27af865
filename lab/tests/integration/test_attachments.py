# SPDX-License-Identifier: GPL-3.0-or-later
"""Target groups attached to groups, and the other things that belong to one group."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal


@pytest.fixture
def targets(scene: Scene) -> str:
    arn = scene.target_group(delay=20)
    scene.listener({arn: 1})
    return arn


def states(scene: Scene, group: str) -> dict[str, str]:
    found = scene.autoscaling.describe_load_balancer_target_groups(AutoScalingGroupName=group)
    return {each["LoadBalancerTargetGroupARN"]: each["State"] for each in found["LoadBalancerTargetGroups"]}


def source(arn: str) -> list[dict[str, str]]:
    return [{"Identifier": arn, "Type": "elbv2"}]


def test_attaching_registers_and_detaching_drains(scene: Scene, targets: str) -> None:
    group = scene.group(2, HealthCheckType="ELB")
    scene.in_service(group, 2)
    request = {"AutoScalingGroupName": group, "TargetGroupARNs": [targets]}
    scene.autoscaling.attach_load_balancer_target_groups(**request)
    scene.healthy(targets, 2)
    eventually(lambda: states(scene, group), lambda found: found == {targets: "InService"})
    scene.autoscaling.detach_load_balancer_target_groups(**request)
    assert states(scene, group) == {targets: "Removing"}
    assert scene.describe(group)["TargetGroupARNs"] == []
    assert set(scene.health(targets).values()) == {"draining"}
    eventually(lambda: states(scene, group), lambda found: found == {})
    assert scene.health(targets) == {}
    assert refusal(scene.autoscaling.detach_load_balancer_target_groups, **request) == "ValidationError"


def test_without_elb_checks_an_attachment_is_added(scene: Scene, targets: str) -> None:
    group = scene.group(1, HealthCheckType="EC2")
    scene.autoscaling.attach_load_balancer_target_groups(AutoScalingGroupName=group, TargetGroupARNs=[targets])
    scene.healthy(targets, 1)
    assert states(scene, group) == {targets: "Added"}


def test_a_group_made_with_target_groups_replaces_instances_of_which_none_was_ever_healthy(
    scene: Scene, targets: str
) -> None:
    """Named in CreateAutoScalingGroup they are InService at once; one attached later waits for a healthy target."""
    template = {"LaunchTemplateId": scene.template(scene.image(health="fail")), "Version": "1"}
    checked = {"LaunchTemplate": template, "HealthCheckType": "ELB", "HealthCheckGracePeriod": 5}
    group = scene.group(1, (targets,), **checked)
    assert states(scene, group) == {targets: "InService"}
    first = scene.in_service(group, 1)
    eventually(lambda: list(scene.members(group)), lambda members: not set(members) & set(first))


def test_traffic_sources_are_another_spelling(scene: Scene, targets: str) -> None:
    group = scene.group(1, TrafficSources=source(targets))
    name = {"AutoScalingGroupName": group}
    scene.healthy(targets, 1)
    found = scene.describe(group)
    assert (found["TargetGroupARNs"], found["TrafficSources"]) == ([targets], source(targets))
    (described,) = scene.autoscaling.describe_traffic_sources(**name)["TrafficSources"]
    assert (described["Identifier"], described["Type"], described["State"]) == (targets, "elbv2", "InService")
    scene.autoscaling.detach_traffic_sources(**name, TrafficSources=source(targets))
    eventually(lambda: states(scene, group), lambda left: left == {})
    scene.autoscaling.attach_traffic_sources(**name, TrafficSources=source(targets))
    scene.healthy(targets, 1)


def test_a_target_group_of_vpc_lattice_is_a_traffic_source_only(scene: Scene, targets: str) -> None:
    lattice = scene.lattice_target_group()
    both = [*source(targets), {"Identifier": lattice, "Type": "vpc-lattice"}]
    group = scene.group(1, TrafficSources=[{"Identifier": each["Identifier"]} for each in both])
    name = {"AutoScalingGroupName": group}
    scene.healthy(targets, 1)
    found = scene.describe(group)
    assert (found["TargetGroupARNs"], found["TrafficSources"]) == ([targets], both)
    assert states(scene, group) == {targets: "InService"}
    reported = scene.autoscaling.describe_traffic_sources(**name, TrafficSourceType="vpc-lattice")["TrafficSources"]
    assert [(each["Identifier"], each["Type"], each["State"]) for each in reported] == [
        (lattice, "vpc-lattice", "InService")
    ]
    scene.autoscaling.detach_traffic_sources(**name, TrafficSources=both[1:])
    assert scene.describe(group)["TrafficSources"] == source(targets)


@pytest.mark.parametrize(("checked", "state"), [("EC2,VPC_LATTICE", "InService"), ("ELB", "Added")])
def test_an_attachment_to_vpc_lattice_is_in_service_where_its_health_checks_count(
    scene: Scene, checked: str, state: str
) -> None:
    name = {"AutoScalingGroupName": scene.group(1, HealthCheckType=checked)}
    attached = {**name, "TrafficSources": [{"Identifier": scene.lattice_target_group()}]}
    scene.autoscaling.attach_traffic_sources(**attached)
    describe = scene.autoscaling.describe_traffic_sources
    eventually(lambda: describe(**name)["TrafficSources"][0]["State"], lambda reported: reported == state)
    scene.autoscaling.detach_traffic_sources(**attached)
    eventually(lambda: describe(**name)["TrafficSources"], lambda left: left == [])


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:vpc-lattice:us-west-2:123456789012:targetgroup/tg-0123456789abcdef0",
        "arn:aws:vpc-lattice:eu-west-1:123456789012:service/svc-0123456789abcdef0",
    ],
    ids=["another region", "not a target group"],
)
def test_what_can_not_be_a_traffic_source_is_refused(scene: Scene, arn: str) -> None:
    request = {"AutoScalingGroupName": scene.group(0), "TrafficSources": [{"Identifier": arn, "Type": "vpc-lattice"}]}
    assert refusal(scene.autoscaling.attach_traffic_sources, **request) == "ValidationError"


def test_detaching_leaves_the_targets_of_others(scene: Scene, targets: str) -> None:
    group = scene.group(1, (targets,))
    (other,) = scene.in_service(scene.group(1), 1)
    scene.elbv2.register_targets(TargetGroupArn=targets, Targets=[{"Id": other}])
    scene.healthy(targets, 2)
    scene.autoscaling.detach_load_balancer_target_groups(AutoScalingGroupName=group, TargetGroupARNs=[targets])
    eventually(lambda: scene.health(targets), lambda left: left == {(other, 8080): "healthy"})


def test_a_deleted_target_group_stops_launches(scene: Scene) -> None:
    arn = scene.target_group()
    group = scene.group(0, (arn,))
    scene.elbv2.delete_target_group(TargetGroupArn=arn)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    failure = eventually(lambda: scene.activities(group), bool)[0]
    assert "Validating load balancer configuration failed" in failure["StatusMessage"]


def test_standby_leaves_the_load_balancer_and_comes_back(scene: Scene, targets: str) -> None:
    group = scene.group(2, (targets,))
    resting, working = scene.in_service(group, 2)
    scene.healthy(targets, 2)
    name = {"AutoScalingGroupName": group, "InstanceIds": [resting]}
    scene.autoscaling.enter_standby(**name, ShouldDecrementDesiredCapacity=True)
    eventually(lambda: scene.health(targets), lambda left: left == {(working, 8080): "healthy"})
    assert scene.members(group) == {resting: "Standby", working: "InService"}
    scene.autoscaling.exit_standby(**name)
    scene.in_service(group, 2)
    scene.healthy(targets, 2)
    assert scene.describe(group)["DesiredCapacity"] == 2


def test_instances_can_be_detached_and_attached(scene: Scene, targets: str) -> None:
    group = scene.group(1, (targets,))
    (instance,) = scene.in_service(group, 1)
    scene.healthy(targets, 1)
    name = {"AutoScalingGroupName": group, "InstanceIds": [instance]}
    scene.autoscaling.detach_instances(**name, ShouldDecrementDesiredCapacity=True)
    assert scene.members(group) == {}
    eventually(lambda: scene.health(targets), lambda left: left == {})
    assert instance in scene.lab.info()["instances"]
    scene.autoscaling.attach_instances(**name)
    assert scene.in_service(group, 1) == [instance]
    scene.healthy(targets, 1)


POLICY: dict[str, Any] = {
    "PolicyName": "cpu",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingConfiguration": {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
        "TargetValue": 50.0,
    },
}
ACTION: dict[str, Any] = {"ScheduledActionName": "night", "Recurrence": "0 22 * * *", "MinSize": 0}
TOPIC = "arn:aws:sns:eu-west-1:123456789012:scaling"


def test_names_of_policies_and_actions_are_unique_within_a_group_only(scene: Scene) -> None:
    first, second = scene.group(0), scene.group(0)
    for group in (first, second):
        scene.autoscaling.put_scaling_policy(AutoScalingGroupName=group, **POLICY)
        scene.autoscaling.put_scheduled_update_group_action(AutoScalingGroupName=group, **ACTION)
    scene.autoscaling.delete_policy(AutoScalingGroupName=first, PolicyName="cpu")
    scene.autoscaling.delete_scheduled_action(AutoScalingGroupName=first, ScheduledActionName="night")
    policies = {group: scene.autoscaling.describe_policies(AutoScalingGroupName=group) for group in (first, second)}
    assert [len(policies[group]["ScalingPolicies"]) for group in (first, second)] == [0, 1]
    actions = {
        group: scene.autoscaling.describe_scheduled_actions(AutoScalingGroupName=group) for group in (first, second)
    }
    assert [len(actions[group]["ScheduledUpdateGroupActions"]) for group in (first, second)] == [0, 1]


def test_notifications_are_kept(scene: Scene) -> None:
    group = scene.group(0)
    kinds = ["autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_TERMINATE"]
    scene.autoscaling.put_notification_configuration(
        AutoScalingGroupName=group, TopicARN=TOPIC, NotificationTypes=kinds
    )
    name = {"AutoScalingGroupNames": [group]}
    found = scene.autoscaling.describe_notification_configurations(**name)["NotificationConfigurations"]
    assert [each["NotificationType"] for each in found] == kinds
    scene.autoscaling.delete_notification_configuration(AutoScalingGroupName=group, TopicARN=TOPIC)
    assert not scene.autoscaling.describe_notification_configurations(**name)["NotificationConfigurations"]
