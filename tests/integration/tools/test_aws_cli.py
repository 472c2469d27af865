# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS CLI builds and reads a service on the lab: ``make build/aws/ready`` installs it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, network
from tests.playing import ROOT

pytestmark = pytest.mark.thorough

CLI = ROOT / "build/aws/bin/aws"


@pytest.fixture
def scene(lab: LabProcess) -> Any:
    if not CLI.is_file():
        pytest.skip("the AWS CLI is not in build/aws: make build/aws/ready")
    scene = Scene(lab)
    yield scene
    scene.clear()


def aws(lab: LabProcess, *arguments: str) -> Any:
    """What a command prints, as data."""
    done = subprocess.run(
        [CLI, *arguments, "--output", "json"],
        env=os.environ | lab.env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def test_it_builds_waits_for_and_reads_a_service(lab: LabProcess, scene: Scene) -> None:
    vpc, subnets = network(lab)
    name = scene.name("cli")
    health = [
        "--health-check-path",
        "/health",
        "--health-check-interval-seconds",
        "5",
        "--healthy-threshold-count",
        "2",
    ]
    group = ["--name", name, "--protocol", "HTTP", "--port", "8080", "--vpc-id", vpc]
    made = aws(lab, "elbv2", "create-target-group", *group, *health, "--tags", "Key=team,Value=shop")
    targets = made["TargetGroups"][0]["TargetGroupArn"]
    balancer = aws(lab, "elbv2", "create-load-balancer", "--name", name, "--subnets", *subnets)["LoadBalancers"][0]
    scene._balancers.append(balancer["LoadBalancerArn"])
    scene._target_groups.append(targets)
    aws(lab, "elbv2", "wait", "load-balancer-available", "--names", name)
    actions = f"Type=forward,TargetGroupArn={targets}"
    listening = ["--load-balancer-arn", balancer["LoadBalancerArn"], "--protocol", "HTTP", "--port", "8080"]
    listener = aws(lab, "elbv2", "create-listener", *listening, "--default-actions", actions)["Listeners"][0]
    data = json.dumps({"ImageId": scene.image(release="1"), "InstanceType": "t3.small"})
    aws(lab, "ec2", "create-launch-template", "--launch-template-name", name, "--launch-template-data", data)
    template = f"LaunchTemplateName={name},Version=$Latest"
    sizes = ["--min-size", "1", "--max-size", "3", "--desired-capacity", "1"]
    where = ["--vpc-zone-identifier", ",".join(subnets), "--target-group-arns", targets]
    scaled = ["autoscaling", "create-auto-scaling-group", "--auto-scaling-group-name", name]
    aws(lab, *scaled, "--launch-template", template, *sizes, *where)
    scene._groups.append(name)
    scene.healthy(targets, 1)
    aws(lab, "elbv2", "wait", "target-in-service", "--target-group-arn", targets)
    weighted = [{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": targets, "Weight": 1}]}}]
    changed = ["--listener-arn", listener["ListenerArn"], "--default-actions", json.dumps(weighted)]
    aws(lab, "elbv2", "modify-listener", *changed)
    found = aws(lab, "autoscaling", "describe-auto-scaling-groups", "--auto-scaling-group-names", name)
    assert found["AutoScalingGroups"][0]["TargetGroupARNs"] == [targets]
    shown = aws(lab, "elbv2", "describe-target-groups", "--max-items", "1")
    assert len(shown["TargetGroups"]) == 1
    assert shown["NextToken"]
