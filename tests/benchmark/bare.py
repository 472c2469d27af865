# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor: the same work in a script written by hand for this one service, with nothing but botocore.

``python tests/benchmark/bare.py FUNCTION KEYWORDS``, with the function's keywords as JSON
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any
from urllib.request import urlopen

from botocore.session import Session

PAUSE = 0.25  # seconds between two looks
HEALTHY_LOOKS = 3  # in a row
TIMEOUT = 60.0
REQUESTS = 10
COPIED = ("MinSize", "MaxSize", "DesiredCapacity", "VPCZoneIdentifier", "HealthCheckType", "HealthCheckGracePeriod")

session = Session()


@cache
def client(service: str) -> Any:
    return session.create_client(service)


# -- the jobs


def nothing() -> None:
    """What it takes to get here."""


def change_weights(listener: str, times: int) -> None:
    """To 60/40, to 50/50, and so on: each time is a change."""
    first, second = read_groups(listener)
    for number in range(times):
        percent = 50 if number % 2 else 60
        shift(listener, {first: percent, second: 100 - percent})


def rollback(listener: str) -> None:
    stable, candidate = read_colors(listener)
    shift(listener, {stable: 100, candidate: 0})


def deploy(
    service: str,
    listener: str,
    test_route: dict[str, str],
    image: str,
    release: str,
    alarms: Sequence[str],
    steps: Sequence[int],
) -> None:
    stable, candidate = read_colors(listener)
    color = read_tags([candidate])[candidate]["bluegreen:color"]
    old = find_group(service, stable)
    require_image(image)
    require_quiet(alarms)
    shift(test_route["arn"], {stable: 0, candidate: 100})
    new = build(service, color, release, image, old, candidate)
    await_that(partial(is_healthy, new, candidate), HEALTHY_LOOKS)
    verify(test_route["url"], release, in_service(new))
    for percent in steps:
        shift(listener, {stable: 100 - percent, candidate: percent})
        require_quiet(alarms)
        require_healthy({candidate: old["DesiredCapacity"], stable: old["MinSize"]})
    declare(service, color, [stable, candidate])
    tear_down(old["AutoScalingGroupName"], stable)


# -- the load balancer


def read_groups(listener: str) -> list[str]:
    (found,) = client("elbv2").describe_listeners(ListenerArns=[listener])["Listeners"]
    return sorted(group["TargetGroupArn"] for group in found["DefaultActions"][0]["ForwardConfig"]["TargetGroups"])


def read_tags(arns: Sequence[str]) -> dict[str, dict[str, str]]:
    found = client("elbv2").describe_tags(ResourceArns=arns)["TagDescriptions"]
    return {each["ResourceArn"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]} for each in found}


def read_colors(listener: str) -> tuple[str, str]:
    """The stable target group, and the candidate's."""
    first, second = read_groups(listener)
    tags = read_tags([first, second])
    is_first = tags[first]["bluegreen:color"] == tags[first]["bluegreen:stable"]
    return (first, second) if is_first else (second, first)


def shift(listener: str, weights: dict[str, int]) -> None:
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
    client("elbv2").modify_listener(ListenerArn=listener, DefaultActions=[action])
    (found,) = client("elbv2").describe_listeners(ListenerArns=[listener])["Listeners"]
    split = found["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    if {group["TargetGroupArn"]: group["Weight"] for group in split} != weights:
        sys.exit(f"{listener} does not split as it was told: {split}")


def read_health(target_group: str) -> dict[str, str]:
    found = client("elbv2").describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    return {each["Target"]["Id"]: each["TargetHealth"]["State"] for each in found}


def require_healthy(minimum: dict[str, int]) -> None:
    for target_group, count in minimum.items():
        states = list(read_health(target_group).values())
        if states.count("healthy") < count:
            sys.exit(f"{target_group} has {states}")


def declare(service: str, color: str, target_groups: Sequence[str]) -> None:
    tags = {"bluegreen:service": service, "bluegreen:stable": color}
    client("elbv2").add_tags(
        ResourceArns=target_groups, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
    )


# -- the group


def find_group(service: str, target_group: str) -> dict[str, Any]:
    named = {"Name": "tag:bluegreen:service", "Values": [service]}
    groups = client("autoscaling").describe_auto_scaling_groups(Filters=[named])["AutoScalingGroups"]
    return next(group for group in groups if target_group in group["TargetGroupARNs"])


def read_group(name: str) -> dict[str, Any] | None:
    found = client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    return next(iter(found), None)


def in_service(name: str) -> set[str]:
    group = read_group(name) or {"Instances": []}
    return {each["InstanceId"] for each in group["Instances"] if each["LifecycleState"] == "InService"}


def build(service: str, color: str, release: str, image: str, old: dict[str, Any], target_group: str) -> str:
    number = int(old["AutoScalingGroupName"].rpartition("-v")[2]) + 1
    name = f"{service}-{color}-v{number:03}"
    template = old["LaunchTemplate"]
    version = client("ec2").create_launch_template_version(
        LaunchTemplateId=template["LaunchTemplateId"],
        SourceVersion=template["Version"],
        LaunchTemplateData={"ImageId": image},
    )["LaunchTemplateVersion"]["VersionNumber"]
    tags = {"bluegreen:service": service, "bluegreen:color": color, "bluegreen:release": release}
    client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": str(version)},
        TargetGroupARNs=[target_group],
        Tags=[{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in tags.items()],
        **{field: old[field] for field in COPIED},
    )
    return name


def is_healthy(name: str, target_group: str) -> bool:
    """Every instance that is desired is in service and healthy behind the load balancer."""
    group, states = read_group(name), read_health(target_group)
    assert group is not None
    serving = [each["InstanceId"] for each in group["Instances"] if each["LifecycleState"] == "InService"]
    return len(serving) == group["DesiredCapacity"] and all(states.get(each) == "healthy" for each in serving)


def tear_down(name: str, target_group: str) -> None:
    sources = [{"Identifier": target_group, "Type": "elbv2"}]
    client("autoscaling").detach_traffic_sources(AutoScalingGroupName=name, TrafficSources=sources)
    await_that(lambda: not read_health(target_group))
    client("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
    await_that(lambda: read_group(name) is None)


# -- what is asked before, and tried after


def require_image(image: str) -> None:
    (found,) = client("ec2").describe_images(ImageIds=[image])["Images"]
    if found["State"] != "available":
        sys.exit(f"{image} is {found['State']}")


def require_quiet(alarms: Sequence[str]) -> None:
    found = client("cloudwatch").describe_alarms(AlarmNames=alarms)["MetricAlarms"]
    if len(found) < len(alarms) or any(alarm["StateValue"] == "ALARM" for alarm in found):
        sys.exit(f"not every alarm is quiet: {found}")


def verify(url: str, release: str, expected: set[str]) -> None:
    """The release answers, on every instance."""
    answered: set[str] = set()
    deadline, requests = time.monotonic() + TIMEOUT, 0
    while requests < REQUESTS or (answered < expected and time.monotonic() < deadline):
        with urlopen(url) as response:
            if response.headers["X-Release"] != release:
                sys.exit(f"{response.headers['X-Release']} answers, not {release}")
            answered.add(response.headers["X-Instance-Id"])
        requests += 1
    if answered != expected:
        sys.exit(f"{answered} answered, not {expected}")


def await_that(is_so: Callable[[], bool], looks: int = 1) -> None:
    deadline, in_a_row = time.monotonic() + TIMEOUT, 0
    while True:
        in_a_row = in_a_row + 1 if is_so() else 0
        if in_a_row == looks:
            return
        if time.monotonic() > deadline:
            sys.exit("waited in vain")
        time.sleep(PAUSE)


if __name__ == "__main__":
    function, keywords = sys.argv[1:]
    {job.__name__: job for job in (nothing, change_weights, rollback, deploy)}[function](**json.loads(keywords))
