# SPDX-License-Identifier: GPL-3.0-or-later
"""With LAB_STALE_MS reads lag writes: one sees the past, the next the present, and new names are unknown at first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from switchyard_lab.client import LabProcess, is_alive
from switchyard_lab.scene import Scene, eventually, forward, refusal

LONG = 60.0  # longer than a test takes on a busy machine
SHORT = 2.0

Lag = Callable[[float], None]
Create = Callable[..., None]


@pytest.fixture
def lag(lab: LabProcess, scene: Scene) -> Iterator[Lag]:
    """For so many seconds after a write reads lag, from then on until the scene is cleared; the past so far is gone."""
    assert scene.lab is lab
    yield lambda seconds: lab.fault(stale_ms=seconds * 1000)
    lab.fault(stale_ms=0)


@pytest.fixture
def create(scene: Scene) -> Create:
    """``create("name", version)``: an empty group, by one call."""

    def created(name: str, template: str, version: str = "1") -> None:
        scene.autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchTemplate={"LaunchTemplateId": template, "Version": version},
            MinSize=0,
            MaxSize=0,
            VPCZoneIdentifier=",".join(scene.subnets),
        )
        scene._groups.append(name)

    return created


def weights(scene: Scene, listener: str) -> list[int]:
    (found,) = scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"]
    return [each["Weight"] for each in found["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]]


def test_a_read_sees_the_past_after_one_has_seen_the_present(scene: Scene, lag: Lag) -> None:
    blue, green = scene.target_group(), scene.target_group()
    listener = scene.listener({blue: 100, green: 0})
    lag(LONG)
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({blue: 50, green: 50})])
    assert [weights(scene, listener) for _read in range(4)] == [[100, 0], [50, 50], [100, 0], [100, 0]]


def test_after_its_time_the_past_is_not_seen_any_more(scene: Scene, lag: Lag) -> None:
    blue, green = scene.target_group(), scene.target_group()
    listener = scene.listener({blue: 100, green: 0})
    lag(SHORT)
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({blue: 50, green: 50})])
    time.sleep(SHORT)
    assert [weights(scene, listener) for _read in range(3)] == [[50, 50]] * 3


def test_a_new_group_is_not_found_and_cannot_be_changed_yet(scene: Scene, lag: Lag, create: Create) -> None:
    target_group, template, group = scene.target_group(), scene.template(), scene.name("group")
    lag(LONG)
    create(group, template)
    assert [bool(scene.describe(group)) for _read in range(2)] == [False, True]
    attach = {"AutoScalingGroupName": group, "TargetGroupARNs": [target_group]}
    assert refusal(scene.autoscaling.attach_load_balancer_target_groups, **attach) == "ValidationError"
    scene.autoscaling.attach_load_balancer_target_groups(**attach)
    lag(0)
    assert scene.describe(group)["TargetGroupARNs"] == [target_group]


def test_a_new_version_is_no_fully_formed_template_yet(scene: Scene, lag: Lag, create: Create) -> None:
    template = scene.template()
    lag(LONG)
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={})
    group = scene.name("group")
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="valid fully-formed launch template"):
        create(group, template, "2")
    create(group, template, "2")


def test_a_new_target_group_and_its_tags_are_unknown_at_first(scene: Scene, lag: Lag) -> None:
    lag(LONG)
    made = scene.elbv2.create_target_group(Name="targets-new", Protocol="HTTP", Port=80, VpcId=scene.vpc)
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    assert refusal(scene.elbv2.describe_target_groups, TargetGroupArns=[arn]) == "TargetGroupNotFound"
    tag = {"ResourceArns": [arn], "Tags": [{"Key": "team", "Value": "shop"}]}
    assert refusal(scene.elbv2.add_tags, **tag) == "TargetGroupNotFound"
    scene.elbv2.add_tags(**tag)
    lag(0)
    scene.elbv2.delete_target_group(TargetGroupArn=arn)


def test_a_new_instance_profile_is_unknown_to_launch_templates(scene: Scene, lag: Lag, create: Create) -> None:
    iam, group, profile = scene.lab.client("iam"), scene.name("group"), scene.name("profile")
    template = scene.template(IamInstanceProfile={"Name": profile})
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="Invalid IAM Instance Profile name"):
        create(group, template)
    lag(LONG)
    iam.create_instance_profile(InstanceProfileName=profile)
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="Invalid IAM Instance Profile name"):
        create(group, template)
    create(group, template)


def test_what_lags_ends_with_its_time(lab: LabProcess, scene: Scene, lag: Lag, create: Create) -> None:
    template = scene.template()
    lag(SHORT)
    before = lab.info()["pids"]
    create(scene.name("group"), template)
    replicas = set(lab.info()["pids"]) - set(before)
    assert replicas
    time.sleep(SHORT)
    scene.autoscaling.describe_account_limits()
    eventually(lambda: [pid for pid in replicas if is_alive(pid)], lambda left: not left)
