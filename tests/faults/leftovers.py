# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left when all runs have ended, by an own reading of the APIs: what the product says proves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from switchyard_lab.seed.service import TEST_PORT
from tests.integration.returning import schedules
from tests.sample import SERVICE, Sample

from .scene import BUCKET, GROUPS, Scene

BOUNDS = (2, 6)  # the seed's minimum and maximum
PASSING = ("leaving", "approval", "copying")  # marks of what is in progress


def leftovers(scene: Scene) -> list[str]:
    """Each begins with what it is: lease, schedule, pin, mark, group, version, test route."""
    lab = scene.lab
    found = lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    groups = {each["AutoScalingGroupName"]: each for each in found}
    return [
        *_leases(scene),
        *[f"schedule {each['Name']}" for each in schedules(lab)],
        *[text for name, group in groups.items() for text in _of_group(name, group)],
        *[f"group {name}" for name in groups.keys() - set(GROUPS.values())],
        *_versions(scene),
        *_test_route(scene),
    ]


def weight(sample: Sample) -> int:
    """The candidate's percent of the traffic."""
    return int(sample.status()["weights"].get("green") or _by_group(sample.status()["weights"]))


def _by_group(weights: Mapping[str, int]) -> int:
    return sum(share for name, share in weights.items() if "green" in name)


def _leases(scene: Scene) -> Iterator[str]:
    elbv2 = scene.lab.client("elbv2")
    arns = [each["TargetGroupArn"] for each in elbv2.describe_target_groups()["TargetGroups"]]
    described = elbv2.describe_tags(ResourceArns=arns)["TagDescriptions"]
    keys = {tag["Key"] for each in described for tag in each["Tags"] if tag["Key"].startswith("bluegreen:lease:")}
    yield from (f"lease of {key.rpartition(':')[2]}" for key in sorted(keys))
    if "bluegreen_store" in scene.given:
        stored = scene.lab.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
        yield from (f"lease {each['Key']}" for each in stored if each["Key"].endswith("/lease.json"))


def _of_group(name: str, group: Mapping[str, Any]) -> Iterator[str]:
    tags = {tag["Key"].removeprefix("bluegreen:") for tag in group["Tags"]}
    pinned = any(tag.startswith("pinned-") for tag in tags) or (group["MinSize"], group["MaxSize"]) != BOUNDS
    if pinned and "retain-until" not in tags:  # what is retained stays as large as it was
        yield f"pin on {name}"
    yield from (f"mark {tag} on {name}" for tag in PASSING if tag in tags)
    yield from (f"mark {each['ProcessName']} suspended on {name}" for each in group["SuspendedProcesses"])


def _versions(scene: Scene) -> Iterator[str]:
    """Of the launch template: one of the image that runs, and one of that which was asked for."""
    found = scene.lab.client("ec2").describe_launch_template_versions(LaunchTemplateName=SERVICE)
    yield from (
        f"version {each['VersionNumber']} of the launch template"
        for each in found["LaunchTemplateVersions"]
        if each["VersionNumber"] > len(GROUPS)
    )


def _test_route(scene: Scene) -> Iterator[str]:
    """One that leads to an environment without instances would answer 503 to who looks at it."""
    elbv2 = scene.lab.client("elbv2")
    for balancer in elbv2.describe_load_balancers()["LoadBalancers"]:
        for listener in elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
            if listener["Port"] == TEST_PORT:
                weights = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
                for arn in [each["TargetGroupArn"] for each in weights if each["Weight"]]:
                    if not elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]:
                        yield f"test route to {arn.split('/')[1]}, which is empty"
