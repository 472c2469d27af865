# SPDX-License-Identifier: GPL-3.0-or-later
"""Mixed instances policies: weights count towards the desired capacity, the first type with capacity is launched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal

HEAVY, LIGHT = "m5.xlarge", "m5.large"  # no other test launches these


WEIGHTED = ({"InstanceType": HEAVY, "WeightedCapacity": "4"}, {"InstanceType": LIGHT, "WeightedCapacity": "2"})


def mixed(
    scene: Scene, desired: int, overrides: Sequence[dict[str, Any]] = WEIGHTED, template: str = "", **distribution: Any
) -> str:
    specification = {"LaunchTemplateId": template or scene.template(), "Version": "1"}
    policy: dict[str, Any] = {
        "LaunchTemplate": {"LaunchTemplateSpecification": specification, "Overrides": list(overrides)},
        **({"InstancesDistribution": distribution} if distribution else {}),
    }
    return scene.group(desired, LaunchTemplate=None, MixedInstancesPolicy=policy, MaxSize=20)


def launched(scene: Scene, group: str) -> list[tuple[Any, ...]]:
    members = scene.describe(group)["Instances"]
    return [
        (each["InstanceType"], each["WeightedCapacity"]) for each in members if each["LifecycleState"] == "InService"
    ]


def test_weights_count_towards_the_desired_capacity(scene: Scene) -> None:
    group = mixed(scene, 7)
    eventually(lambda: launched(scene, group), lambda found: found == [(HEAVY, "4")] * 2)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=4)
    eventually(lambda: launched(scene, group), lambda found: found == [(HEAVY, "4")])


def test_the_next_type_is_launched_when_the_first_has_no_capacity(scene: Scene) -> None:
    scene.lab.fault(capacity={"instance_type": HEAVY, "available": 0})
    group = mixed(scene, 4)
    eventually(lambda: launched(scene, group), lambda found: found == [(LIGHT, "2")] * 2)
    scene.lab.fault(capacity={"instance_type": HEAVY, "available": None})


def lifecycles(scene: Scene, group: str) -> list[str]:
    """Of the instances that serve, as EC2 tells them."""
    serving = [instance for instance, state in scene.members(group).items() if state == "InService"]
    found = scene.ec2.describe_instances(InstanceIds=serving)["Reservations"] if serving else []
    return sorted(each.get("InstanceLifecycle", "on-demand") for each in (one["Instances"][0] for one in found))


def test_on_demand_and_spot_are_in_proportion_whatever_the_size(scene: Scene) -> None:
    """A base of one, and a third of what is above it, rounded up."""
    distribution = {"OnDemandBaseCapacity": 1, "OnDemandPercentageAboveBaseCapacity": 33}
    group = mixed(scene, 5, [{"InstanceType": LIGHT}], **distribution)
    resize = scene.autoscaling.set_desired_capacity
    for desired, on_demand in ((5, 3), (3, 2), (1, 1), (2, 2)):
        resize(AutoScalingGroupName=group, DesiredCapacity=desired)
        wanted = ["on-demand"] * on_demand + ["spot"] * (desired - on_demand)
        eventually(lambda: lifecycles(scene, group), lambda found, wanted=wanted: found == wanted)


def test_an_override_with_a_launch_template_is_launched_from_it(scene: Scene) -> None:
    main, other = scene.template(), scene.template()
    named = scene.ec2.describe_launch_templates(LaunchTemplateIds=[other])["LaunchTemplates"][0]["LaunchTemplateName"]
    own = {"LaunchTemplateName": named, "Version": "$Latest"}
    group = mixed(scene, 1, [{"InstanceType": LIGHT, "LaunchTemplateSpecification": own}], template=main)
    scene.in_service(group, 1)
    found = scene.describe(group)
    assert found["Instances"][0]["LaunchTemplate"]["LaunchTemplateId"] == other
    (override,) = found["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]
    assert override["LaunchTemplateSpecification"] == {**own, "LaunchTemplateId": other}


def test_every_template_of_a_policy_must_have_an_image_that_exists(scene: Scene) -> None:
    own = {"LaunchTemplateId": scene.template("ami-00000000000000000"), "Version": "1"}
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="fully-formed launch template"):
        mixed(scene, 1, [{"InstanceType": LIGHT, "LaunchTemplateSpecification": own}])


def test_spot_and_weights_do_not_go_with_a_warm_pool(scene: Scene) -> None:
    put = scene.autoscaling.put_warm_pool
    assert refusal(put, AutoScalingGroupName=mixed(scene, 0)) == "ValidationError"
    spot = mixed(scene, 0, [{"InstanceType": LIGHT}], OnDemandPercentageAboveBaseCapacity=50)
    assert refusal(put, AutoScalingGroupName=spot) == "ValidationError"
    put(AutoScalingGroupName=mixed(scene, 0, [{"InstanceType": LIGHT}]))


def test_versions_by_image(scene: Scene) -> None:
    template, image = scene.template(), scene.image(release="2")
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"ImageId": image}
    )
    found = scene.ec2.describe_launch_template_versions(
        LaunchTemplateId=template, Filters=[{"Name": "image-id", "Values": [image]}]
    )
    assert [each["VersionNumber"] for each in found["LaunchTemplateVersions"]] == [2]
