# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample service with all that needs a permission of its own."""

from __future__ import annotations

from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene

GROUP, ACCOUNT = "demo-blue-v001", "arn:aws:{}:eu-west-1:123456789012:{}"
HOOKS = "arn:aws:iam::123456789012:role/hooks"


def enrich(lab: LabProcess) -> None:
    """An instance profile and tags in the template, an image by parameter, a hook with a role, an alarm that scales."""
    scene = Scene(lab)
    follow(lab, "web-1.1.0")
    _template(scene)
    group = {"AutoScalingGroupName": GROUP}
    scene.autoscaling.put_lifecycle_hook(
        **group,
        LifecycleHookName="drain",
        LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
        HeartbeatTimeout=30,
        DefaultResult="CONTINUE",
        NotificationTargetARN=ACCOUNT.format("sqs", "drain"),
        RoleARN=HOOKS,
    )
    policy = scene.autoscaling.put_scaling_policy(
        **group, PolicyName="more", AdjustmentType="ChangeInCapacity", ScalingAdjustment=1
    )
    lab.client("cloudwatch").put_metric_alarm(
        AlarmName=f"{GROUP}-busy",
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Dimensions=[{"Name": "AutoScalingGroupName", "Value": GROUP}],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=3,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=1_000_000.0,
        TreatMissingData="notBreaching",
        AlarmActions=[policy["PolicyARN"]],
    )


def _template(scene: Scene) -> None:
    iam = scene.lab.client("iam")
    for role in ("web", "hooks"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    template = scene.describe(GROUP)["LaunchTemplate"]["LaunchTemplateId"]
    data: dict[str, Any] = {
        "IamInstanceProfile": {"Name": "web"},
        "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "shop"}]}],
    }
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData=data)
    launched = {"LaunchTemplateId": template, "Version": "2"}
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=GROUP, LaunchTemplate=launched)


def publish(lab: LabProcess, release: str) -> str:
    """The ID of a new image."""
    tags = [{"Key": "lab:release", "Value": release}]
    found = lab.client("ec2").register_image(
        Name=f"web-{release}", TagSpecifications=[{"ResourceType": "image", "Tags": tags}]
    )
    return str(found["ImageId"])


def follow(lab: LabProcess, name: str) -> None:
    """The parameter names this image from now on."""
    (image,) = lab.client("ec2").describe_images(Filters=[{"Name": "name", "Values": [name]}])["Images"]
    lab.client("ssm").put_parameter(Name="/images/shop", Value=image["ImageId"], Type="String", Overwrite=True)
