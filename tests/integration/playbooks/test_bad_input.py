# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong is told before anything is touched."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from tests.playing import ROOT, playbook
from tests.sample import Sample

Change = Callable[[Sample], dict[str, Any]]


@pytest.fixture(scope="module")
def sample(lab: LabProcess) -> Sample:
    return Sample(lab)


def foreign_target_group(sample: Sample) -> dict[str, Any]:
    """A target group that another load balancer forwards to."""
    elbv2 = sample.lab.client("elbv2")
    (demo,) = elbv2.describe_load_balancers(Names=["demo"])["LoadBalancers"]
    subnets = [zone["SubnetId"] for zone in demo["AvailabilityZones"]]
    (other,) = elbv2.create_load_balancer(Name="other", Subnets=subnets)["LoadBalancers"]
    (group,) = elbv2.create_target_group(Name="other-green", Protocol="HTTP", Port=8080, VpcId=demo["VpcId"])[
        "TargetGroups"
    ]
    forward = {"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}
    elbv2.create_listener(
        LoadBalancerArn=other["LoadBalancerArn"], Protocol="HTTP", Port=8009, DefaultActions=[forward]
    )
    return {"bluegreen_target_groups": {"blue": "demo-blue", "green": "other-green"}}


def listener_that_forwards_elsewhere(sample: Sample) -> dict[str, Any]:
    elbv2 = sample.lab.client("elbv2")
    (demo,) = elbv2.describe_load_balancers(Names=["demo"])["LoadBalancers"]
    (group,) = elbv2.create_target_group(Name="elsewhere", Protocol="HTTP", Port=8080, VpcId=demo["VpcId"])[
        "TargetGroups"
    ]
    forward = {"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}
    (listener,) = elbv2.create_listener(
        LoadBalancerArn=demo["LoadBalancerArn"], Protocol="HTTP", Port=8008, DefaultActions=[forward]
    )["Listeners"]
    return {"bluegreen_routes": [listener["ListenerArn"]]}


CASES: dict[str, tuple[Change, str]] = {
    "missing target group": (
        lambda _: {"bluegreen_target_groups": {"blue": "demo-blue", "green": "nowhere"}},
        "nowhere",
    ),
    "target group of another load balancer": (foreign_target_group, "belongs to another load balancer"),
    "one color": (lambda _: {"bluegreen_target_groups": {"blue": "demo-blue"}}, "green"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_deploy_with_bad_input_touches_nothing(sample: Sample, case: str) -> None:
    change, sentence = CASES[case]
    variables = {"bluegreen_release": "1.1.0"} | change(sample)
    since = time.time()
    played = sample.open("deploy", **variables)
    assert played.returncode != 0
    assert sentence in played.messages
    assert sample.lab.calls(since, kind="write") == []


def test_all_that_is_wrong_is_told_in_one_sentence(sample: Sample) -> None:
    """A route of another service, an image that does not exist, steps that never end: nobody comes three times."""
    wrong = {"bluegreen_image_id": "ami-0123456789abcdef0", "bluegreen_strategy": [{"weight": 50}]}
    wrong |= listener_that_forwards_elsewhere(sample)
    since = time.time()
    played = sample.open("deploy", bluegreen_release="1.1.0", **wrong)
    assert played.returncode != 0
    reported = played.results[-1]["msg"]
    for finding in (
        "forwards elsewhere: elsewhere 100 %",
        "ami-0123456789abcdef0",
        "The last step must have weight 100",
    ):
        assert finding in reported
    assert played.outcomes["demo"]["end_state"] == "refused"
    assert sample.lab.calls(since, kind="write") == []


@pytest.mark.parametrize(
    ("door", "variable", "said"),
    [
        ("rollback", "bluegreen_routes", "'nowhere' is undefined"),
        ("roll", "bluegreen_alarms", "'nowhere' is undefined"),
        ("deploy", "bluegreen_service", "'nowhere' is undefined"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_an_outcome(
    sample: Sample, door: str, variable: str, said: str
) -> None:
    since = time.time()
    played = sample.open(door, bluegreen_release="1.1.0", **{variable: "{{ nowhere }}"})
    assert played.returncode != 0
    assert played.outcomes["demo"]["end_state"] == "refused"
    assert f"{variable}: Its value cannot be evaluated: {said}" in played.outcomes["demo"]["message"]
    assert sample.lab.calls(since, kind="write") == []


def test_an_inventory_without_services_is_an_error(sample: Sample) -> None:
    played = playbook(ROOT / "playbooks/deploy.yml", sample.lab.env, "-i", "localhost,")
    assert played.returncode != 0
    assert "No service is left to work on" in played.messages
