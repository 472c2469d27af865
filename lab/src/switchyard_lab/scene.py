# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test of the lab puts up for itself: its own load balancer, target groups, groups, next to the sample's."""

from __future__ import annotations

import itertools
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from switchyard_lab.authority import trusting
from switchyard_lab.client import LabProcess
from switchyard_lab.seed.resources import forward

T = TypeVar("T")
NAMES = itertools.count(1)


def eventually(look: Callable[[], T], wanted: Callable[[T], bool], seconds: float = 20) -> T:
    """The first look that is as wanted; at the deadline the last look fails the test."""
    deadline = time.monotonic() + seconds
    while not wanted(seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r} after {seconds} s"
        time.sleep(0.05)
    return seen


def await_requests(lab: LabProcess, route: str, *target_groups: str) -> None:
    """Until CloudWatch tells of requests to the route's load balancer, or to its target group, a minute ago or less."""
    now = datetime.now(UTC)
    asked: dict[str, Any] = {
        "StartTime": now - timedelta(minutes=1),
        "EndTime": now + timedelta(minutes=1),
        "Period": 60,
    }
    asked |= {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount", "Statistics": ["Sum"]}
    asked["Dimensions"] = [{"Name": "LoadBalancer", "Value": "/".join(route.split("/")[1:4])}]
    asked["Dimensions"] += [{"Name": "TargetGroup", "Value": arn.split(":")[-1]} for arn in target_groups]
    eventually(lambda: lab.client("cloudwatch").get_metric_statistics(**asked)["Datapoints"], bool)


def refusal(call: Callable[..., Any], **request: Any) -> str:
    """The error code of a call that must fail."""
    try:
        answer = call(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    raise AssertionError(f"was accepted: {answer}")


@cache
def network(lab: LabProcess) -> tuple[str, list[str]]:
    """The sample's VPC, and its subnets."""
    ec2 = lab.client("ec2")
    (first,) = ec2.describe_subnets(Filters=[{"Name": "cidr", "Values": [f"{lab.info()['cidr'][:-3]}/18"]}])["Subnets"]
    in_vpc = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [first["VpcId"]]}])["Subnets"]
    return first["VpcId"], [subnet["SubnetId"] for subnet in in_vpc]


class Scene:
    def __init__(self, lab: LabProcess) -> None:
        self.lab = lab
        self.elbv2 = lab.client("elbv2")
        self.autoscaling = lab.client("autoscaling")
        self.ec2 = lab.client("ec2")
        self.vpc, self.subnets = network(lab)
        self._balancers: list[str] = []
        self._target_groups: list[str] = []
        self._groups: list[str] = []
        self._certificates: list[str] = []

    def clear(self) -> None:
        """Nothing that was put up continues being checked and replaced while later tests run."""
        for balancer in self._balancers:
            self.elbv2.delete_load_balancer(LoadBalancerArn=balancer)
        for group in self._groups:
            found = self.describe(group)
            if found and "Status" not in found:  # one that is being deleted may be gone by now
                if "DeletionProtection" in found:
                    self.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, DeletionProtection="none")
                self.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)
        for target_group in self._target_groups:
            with suppress(self.elbv2.exceptions.TargetGroupNotFoundException):  # where its end is what was tested
                self.elbv2.delete_target_group(TargetGroupArn=target_group)
        for certificate in self._certificates:
            self.lab.client("acm").delete_certificate(CertificateArn=certificate)

    @staticmethod
    def name(kind: str) -> str:
        return f"{kind}-{next(NAMES)}"

    def image(self, **tags: str) -> str:
        named = [{"Key": f"lab:{key.replace('_', '-')}", "Value": value} for key, value in tags.items()]
        specification = [{"ResourceType": "image", "Tags": named}] if named else []
        return str(self.ec2.register_image(Name=self.name("image"), TagSpecifications=specification)["ImageId"])

    def named_image(self, name: str, **tags: str) -> str:
        """``lab__created`` is the tag ``lab:created``."""
        named = [{"Key": key.replace("__", ":"), "Value": value} for key, value in tags.items()]
        specification = [{"ResourceType": "image", "Tags": named}] if named else []
        return str(self.ec2.register_image(Name=name, TagSpecifications=specification)["ImageId"])

    def template(self, image_id: str | None = None, **data: Any) -> str:
        data = {"ImageId": image_id or self.image(release="1"), "InstanceType": "t3.small", **data}
        created = self.ec2.create_launch_template(LaunchTemplateName=self.name("template"), LaunchTemplateData=data)
        return str(created["LaunchTemplate"]["LaunchTemplateId"])

    def target_group(self, delay: int = 20, **options: Any) -> str:
        settings = {
            "Protocol": "HTTP",
            "Port": 8080,
            "VpcId": self.vpc,
            "HealthCheckPath": "/health",
            "HealthCheckIntervalSeconds": 5,
            "HealthCheckTimeoutSeconds": 2,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 2,
        }
        asked = {key: value for key, value in (settings | options).items() if value is not None}
        created = self.elbv2.create_target_group(Name=self.name("targets"), **asked)
        arn = str(created["TargetGroups"][0]["TargetGroupArn"])
        self._target_groups.append(arn)
        if options.get("TargetType") != "lambda":
            attribute = {"Key": "deregistration_delay.timeout_seconds", "Value": str(delay)}
            self.elbv2.modify_target_group_attributes(TargetGroupArn=arn, Attributes=[attribute])
        return arn

    @staticmethod
    def lattice_target_group() -> str:
        """An ARN: the lab has no VPC Lattice, and keeps only what is attached."""
        return f"arn:aws:vpc-lattice:eu-west-1:123456789012:targetgroup/tg-{next(NAMES):017x}"

    def load_balancer(self, **options: Any) -> str:
        wanted = {"Name": self.name("balancer"), "Subnets": self.subnets, **options}
        created = self.elbv2.create_load_balancer(**wanted)
        self._balancers.append(str(created["LoadBalancers"][0]["LoadBalancerArn"]))
        return self._balancers[-1]

    def listener(self, weights: dict[str, int], balancer: str | None = None, port: int = 80, **options: Any) -> str:
        created = self.elbv2.create_listener(
            LoadBalancerArn=balancer or self.load_balancer(),
            **({"Protocol": "HTTP", "Port": port + 8000, "DefaultActions": [forward(weights)]} | options),
        )
        return str(created["Listeners"][0]["ListenerArn"])

    def certificate(self, *names: str) -> str:
        """An imported one, for these host names and addresses."""
        pair = self.lab.authority.issue(names or ["web.example.com"])
        imported = self.lab.client("acm").import_certificate(Certificate=pair.certificate, PrivateKey=pair.key)
        self._certificates.append(str(imported["CertificateArn"]))
        return self._certificates[-1]

    def secure(self, balancer: str, protocol: str = "HTTPS") -> dict[str, Any]:
        """The options of a listener that speaks TLS and can be reached by the load balancer's own address."""
        found = self.elbv2.describe_load_balancers(LoadBalancerArns=[balancer])["LoadBalancers"][0]
        certificate = self.certificate("web.example.com", found["DNSName"])
        return {"Protocol": protocol, "Certificates": [{"CertificateArn": certificate}]}

    def url(self, listener: str) -> str:
        found = self.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]
        balancer = self.elbv2.describe_load_balancers(LoadBalancerArns=[found["LoadBalancerArn"]])["LoadBalancers"][0]
        scheme = "https" if found["Protocol"] in ("HTTPS", "TLS") else "http"
        return f"{scheme}://{balancer['DNSName']}:{found['Port']}/"

    def group(self, desired: int = 2, target_groups: tuple[str, ...] = (), **options: Any) -> str:
        """An option that is None takes a default away."""
        name = self.name("group")
        settings = {
            "LaunchTemplate": {"LaunchTemplateId": self.template(), "Version": "1"},
            "MinSize": 0,
            "MaxSize": 10,
            "DesiredCapacity": desired,
            "VPCZoneIdentifier": ",".join(self.subnets),
            "TargetGroupARNs": list(target_groups),
        }
        asked = {key: value for key, value in (settings | options).items() if value is not None}
        self.autoscaling.create_auto_scaling_group(AutoScalingGroupName=name, **asked)
        self._groups.append(name)
        return name

    def describe(self, group: str) -> dict[str, Any]:
        found = self.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
        return dict(found[0]) if found else {}

    def members(self, group: str) -> dict[str, str]:
        """Lifecycle states by instance id."""
        return {each["InstanceId"]: each["LifecycleState"] for each in self.describe(group).get("Instances", [])}

    def in_service(self, group: str, count: int) -> list[str]:
        seen = eventually(lambda: self.members(group), lambda states: list(states.values()) == ["InService"] * count)
        return list(seen)

    def activities(self, group: str) -> list[dict[str, Any]]:
        return list(self.autoscaling.describe_scaling_activities(AutoScalingGroupName=group)["Activities"])

    def health(self, target_group: str, *targets: dict[str, Any]) -> dict[tuple[str, int], str]:
        """States by id and port."""
        asked = {"Targets": list(targets)} if targets else {}
        found = self.elbv2.describe_target_health(TargetGroupArn=target_group, **asked)["TargetHealthDescriptions"]
        return {(each["Target"]["Id"], each["Target"]["Port"]): each["TargetHealth"]["State"] for each in found}

    def reasons(self, target_group: str, *targets: dict[str, Any]) -> list[str | None]:
        asked = {"Targets": list(targets)} if targets else {}
        found = self.elbv2.describe_target_health(TargetGroupArn=target_group, **asked)["TargetHealthDescriptions"]
        return [each["TargetHealth"].get("Reason") for each in found]

    def healthy(self, target_group: str, count: int) -> None:
        eventually(lambda: list(self.health(target_group).values()), lambda states: states == ["healthy"] * count)


def status(url: str, ca: Path | None = None) -> int:
    """Of a new connection's answer. ``ca`` is the authority that is trusted, when not the system's."""
    try:
        with urllib.request.urlopen(url, timeout=10, context=trusting(ca)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
