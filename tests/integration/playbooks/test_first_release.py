# SPDX-License-Identifier: GPL-3.0-or-later
"""deploy.yml on a service that has a load balancer and nothing behind it yet."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from switchyard_lab.seed.account import Account
from switchyard_lab.seed.inventory import write_inventory
from tests.integration.policies import limited
from tests.sample import SERVICE, Sample

PORT = 8000
GROUP = f"{SERVICE}-blue-v001"
USER_DATA = b64encode(b"#!/bin/sh\ntrue\n").decode()
FIRST = {"bluegreen_release": "1.0.0"}


class EmptyService(Sample):
    """Two target groups at 100 and 0, no group, no tags."""

    @classmethod
    def put_up(cls, lab: LabProcess) -> EmptyService:
        elbv2, account = lab.client("elbv2"), Account(lab.endpoint, lab.info()["cidr"])
        network, images = account.network(), account.images()
        names = {color: f"{SERVICE}-{color}" for color in ("blue", "green")}
        settings = {"Protocol": "HTTP", "Port": 8080, "VpcId": network.vpc, "HealthCheckPath": "/health"}
        made = [elbv2.create_target_group(Name=name, **settings)["TargetGroups"][0] for name in names.values()]
        balancer = elbv2.create_load_balancer(Name=SERVICE, Subnets=list(network.subnets))["LoadBalancers"][0]
        weights = [{"TargetGroupArn": each["TargetGroupArn"], "Weight": 100 - 100 * i} for i, each in enumerate(made)]
        listener = elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=PORT,
            DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}],
        )["Listeners"][0]
        definition = {
            "bluegreen_routes": [listener["ListenerArn"]],
            "bluegreen_target_groups": names,
            "bluegreen_group": {
                "launch_template": {
                    "instance_type": "t3.small",
                    "security_group_ids": [network.security_group],
                    "user_data": USER_DATA,
                },
                "autoscaling_group": {
                    "min_size": 2,
                    "max_size": 4,
                    "vpc_zone_identifier": list(network.subnets),
                    "tags": [{"team": "shop"}],
                },
            },
        }
        write_inventory(lab.inventory, {SERVICE: definition}, images)
        return cls(lab, env=limited(lab, "deploy", "plan"))

    def groups(self) -> list[dict[str, Any]]:
        return list(self.lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"])


@pytest.fixture
def empty() -> Iterator[EmptyService]:
    with LabProcess(seed=False, speed=20, latency_ms=20, propagation_ms=5000) as lab:
        yield EmptyService.put_up(lab)


@pytest.mark.thorough
def test_the_first_release_comes_up_and_the_next_is_built_from_it(empty: EmptyService) -> None:
    since = time.time()
    for door, arguments in (("plan", []), ("deploy", ["--check"])):
        looked = empty.open(door, *arguments, **FIRST)
        assert looked.returncode == 0, looked.messages
    assert empty.lab.calls(since, kind="write") == []

    first = empty.open("deploy", **FIRST)
    assert first.returncode == 0, first.messages
    assert empty.answering() == {"1.0.0"}
    (group,) = empty.groups()
    assert (group["AutoScalingGroupName"], group["LaunchTemplate"]["Version"]) == (GROUP, "1")
    (version,) = empty.lab.client("ec2").describe_launch_template_versions(LaunchTemplateName=GROUP)[
        "LaunchTemplateVersions"
    ]
    assert version["LaunchTemplateData"]["UserData"] == USER_DATA
    assert {tag["Key"]: (tag["Value"], tag["PropagateAtLaunch"]) for tag in group["Tags"]} == {
        "team": ("shop", True),
        "bluegreen:service": (SERVICE, True),
        "bluegreen:color": ("blue", True),
        "bluegreen:release": ("1.0.0", True),
    }
    status = empty.status()
    assert (status["stable"], status["declared"], status["phase"]) == ("blue", True, "settled")

    since = time.time()
    again = empty.open("deploy", **FIRST)
    assert (again.returncode, again.changed) == (0, 0), again.messages
    assert empty.lab.calls(since, kind="write") == []

    following = empty.open("deploy", bluegreen_release="1.1.0")
    assert following.returncode == 0, following.messages
    assert empty.answering() == {"1.1.0"}
    ours = [call for call in empty.lab.calls() if re.search("switchyard.bluegreen|Ansible", call["user_agent"])]
    assert "CreateLaunchTemplate" in {call["operation"] for call in ours}, "also those of amazon.aws"


@pytest.mark.thorough
@pytest.mark.parametrize("write", ["CreateAutoScalingGroup", "AddTags"])
def test_a_run_that_ends_halfway_is_finished_by_the_next(empty: EmptyService, write: str) -> None:
    empty.lab.fault(operation=write, times=1, error="AccessDenied")
    assert empty.open("deploy", **FIRST).returncode != 0
    assert not empty.status()["declared"]
    finished = empty.open("deploy", **FIRST)
    assert finished.returncode == 0, finished.messages
    assert empty.status()["declared"]
    (template,) = empty.lab.client("ec2").describe_launch_templates()["LaunchTemplates"]
    assert template["LatestVersionNumber"] == 1


@pytest.mark.thorough
def test_a_first_group_that_never_comes_up_is_removed_by_the_run_that_made_it(empty: EmptyService) -> None:
    empty.set_deregistration_delay(20)
    bad = {"bluegreen_image_id": Scene(empty.lab).image(release="1.0.0", health="fail"), "bluegreen_health_timeout": 5}

    def fails(**variables: Any) -> tuple[str, list[str]]:
        failed = empty.open("deploy", **FIRST, **bad, **variables)
        assert failed.returncode != 0
        assert "Target.ResponseCodeMismatch" in failed.messages
        return failed.outcomes[SERVICE]["end_state"], [group["AutoScalingGroupName"] for group in empty.groups()]

    assert fails() == ("rolled_back", [])
    assert fails(bluegreen_failed_candidate="keep") == ("halted", [GROUP]), "made again, and kept for inspection"
    assert fails() == ("halted", [GROUP]), "continued with, and not this run's to remove"


@pytest.mark.thorough
@pytest.mark.parametrize("own", [False, True], ids=["bluegreen_user_data", "bluegreen_group"])
def test_user_data_that_has_changed_since_the_plan_is_not_used(empty: EmptyService, *, own: bool) -> None:
    """As that of a lookup that returns another value each time. It may be secret, so it is in no plan."""
    group = yaml.safe_load(empty.lab.inventory.read_text())["bluegreen"]["hosts"][SERVICE]["bluegreen_group"]
    group["launch_template"]["user_data"] = "{{ lookup('ansible.builtin.pipe', 'date +%N') | b64encode }}"
    changing = {"bluegreen_user_data": "{{ lookup('ansible.builtin.pipe', 'date +%N') }}"}
    failed = empty.open("deploy", **FIRST, **({"bluegreen_group": group} if own else changing))
    assert failed.returncode != 0
    assert "user_data has changed since the release was planned" in failed.outcomes[SERVICE]["message"]
    assert empty.groups() == []
    assert empty.lab.client("ec2").describe_launch_templates()["LaunchTemplates"] == []


def test_without_a_definition_it_says_what_is_missing(empty: EmptyService) -> None:
    since = time.time()
    refused = empty.open("deploy", **FIRST, bluegreen_group={})
    assert refused.returncode != 0
    assert "define the first one in bluegreen_group" in refused.messages
    assert empty.lab.calls(since, kind="write") == []
