# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the work is done: a lab whose instances boot, pass health checks and drain at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.seed.service import PRODUCTION_PORT, TEST_PORT
from tests.playing import BIN, ROOT
from tests.sample import SERVICE, Sample

from .cost import Cost, cost_of

SPEED = 100
BARE = ROOT / "tests/benchmark/bare.py"
PEER = ROOT / "tests/benchmark/peer"
# What modules of amazon.aws return is searched for the credentials: the lab's, "lab", are a part of "available".
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "key-of-the-peer", "AWS_SECRET_ACCESS_KEY": "secret-of-the-peer"}


@dataclass(frozen=True)
class Ground:
    sample: Sample
    folder: Path

    def play(self, tasks: Sequence[Mapping[str, Any]], **env: str) -> Cost:
        """The tasks as a play on localhost."""
        path = self.folder / "play.yml"
        path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
        return self._cost([BIN / "ansible-playbook", path], env=env)

    def door(self, name: str, until: str = "", **variables: Any) -> Cost:
        """One of playbooks/."""
        path, inventory = ROOT / f"playbooks/{name}.yml", self.sample.lab.inventory
        return self._cost([BIN / "ansible-playbook", path, "-i", inventory, "-e", json.dumps(variables)], until)

    def peer(self, *, sleeps: bool, **given: Any) -> Cost:
        """The playbook of amazon.aws's modules, with their own sleeps or without."""
        variables = json.dumps({"peer": {**self.balancer, **given}})
        env = CREDENTIALS | ({} if sleeps else {"PYTHONPATH": str(PEER / "sleepless")})
        return self._cost([BIN / "ansible-playbook", PEER / "deploy.yml", "-e", variables], env=env)

    def script(self, function: str, until: str = "", **keywords: Any) -> Cost:
        """A function of bare.py, in a fresh process."""
        return self._cost([BIN / "python", BARE, function, json.dumps(keywords)], until)

    def split(self, percent: int) -> None:
        """Give the first target group so much of the traffic, and the second the rest."""
        elbv2 = self.sample.lab.client("elbv2")
        (listener,) = elbv2.describe_listeners(ListenerArns=[self.route])["Listeners"]
        action = listener["DefaultActions"][0]
        groups = sorted(group["TargetGroupArn"] for group in action["ForwardConfig"]["TargetGroups"])
        weights = zip(groups, (percent, 100 - percent), strict=True)
        forward = {"TargetGroups": [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights]}
        elbv2.modify_listener(ListenerArn=self.route, DefaultActions=[{"Type": "forward", "ForwardConfig": forward}])

    def new_image(self) -> tuple[str, str]:
        return new_image(self.sample.lab)

    @property
    def route(self) -> str:
        (listener,) = self.sample.definition["bluegreen_routes"]
        return str(listener)

    @cached_property
    def balancer(self) -> dict[str, Any]:
        """What modules of amazon.aws have to be given of the load balancer and its target groups."""
        elbv2 = self.sample.lab.client("elbv2")
        (found,) = elbv2.describe_load_balancers(Names=[SERVICE])["LoadBalancers"]
        names = self.sample.definition["bluegreen_target_groups"]
        described = elbv2.describe_target_groups(Names=list(names.values()))["TargetGroups"]
        arns = {group["TargetGroupName"]: group["TargetGroupArn"] for group in described}
        return {
            "service": SERVICE,
            "subnets": [zone["SubnetId"] for zone in found["AvailabilityZones"]],
            "security_groups": found["SecurityGroups"],
            "target_groups": {color: arns[name] for color, name in names.items()},
            "port": PRODUCTION_PORT,
            "test_port": TEST_PORT,
        }

    def declare_what_runs(self) -> None:
        """Where the peer has no module for it: the tag that says which environment is stable."""
        (group,) = self.sample.lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        arns = self.balancer["target_groups"]
        (color,) = (color for color, arn in arns.items() if arn in group["TargetGroupARNs"])
        stable = [{"Key": "bluegreen:stable", "Value": color}]
        self.sample.lab.client("elbv2").add_tags(ResourceArns=list(arns.values()), Tags=stable)

    def _cost(self, command: Sequence[str | Path], until: str = "", env: Mapping[str, str] | None = None) -> Cost:
        """With the calls that came meanwhile. Time and calls end where the operation ``until``, if given, is asked."""
        cost, began = cost_of(command, self.sample.lab.env | dict(env or {}))
        calls = self.sample.lab.calls(began)
        if not until:
            return replace(cost, calls=len(calls))
        before = [call["operation"] for call in calls].index(until)
        return replace(cost, wall_ms=(calls[before]["time"] - began) * 1000, calls=before)


def new_image(lab: LabProcess) -> tuple[str, str]:
    """An image that no launch template knows yet, and its release."""
    release = f"release-{time.time_ns()}"
    tags = {"ResourceType": "image", "Tags": [{"Key": "lab:release", "Value": release}]}
    image = lab.client("ec2").register_image(Name=release, TagSpecifications=[tags])
    return str(image["ImageId"]), release


@contextmanager
def ground(latency_ms: int) -> Iterator[Ground]:
    with LabProcess(speed=SPEED, latency_ms=latency_ms) as lab, TemporaryDirectory(prefix="benchmark-") as folder:
        sample = Sample(lab)
        take_out_the_waits(sample)
        yield Ground(sample, Path(folder))


def take_out_the_waits(sample: Sample) -> None:
    """Drained at once; and an instance of a fast lab is not replaced because the machine needs a moment to start it."""
    elbv2, autoscaling = sample.lab.client("elbv2"), sample.lab.client("autoscaling")
    at_once = [{"Key": "deregistration_delay.timeout_seconds", "Value": "0"}]
    for group in elbv2.get_paginator("describe_target_groups").paginate().search("TargetGroups[]"):
        elbv2.modify_target_group_attributes(TargetGroupArn=group["TargetGroupArn"], Attributes=at_once)
    for group in autoscaling.get_paginator("describe_auto_scaling_groups").paginate().search("AutoScalingGroups[]"):
        autoscaling.update_auto_scaling_group(
            AutoScalingGroupName=group["AutoScalingGroupName"], HealthCheckGracePeriod=3600
        )
