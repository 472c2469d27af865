# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of the sample service behind records: those that look its name up again in time, and those that do not."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad, LoadResult, Resolving
from switchyard_lab.scene import eventually
from switchyard_lab.seed.records import RecordService, seed_records

TTL = 1
SHARED_SECONDS = 9  # with a question per client and second, 900 of them: four points are four standard deviations


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    with LabProcess(seed=False, speed=20) as process:
        yield process


@pytest.fixture(scope="module")
def service(lab: LabProcess) -> RecordService:
    """With release 1.1.0 on green, and all weight on blue."""
    service = seed_records(lab.endpoint, lab.info()["cidr"], lab.inventory, ttl=TTL)
    inventory = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))
    image = inventory["bluegreen"]["vars"]["bluegreen_images"]["1.1.0"]
    template = {"LaunchTemplateName": "green", "LaunchTemplateData": {"ImageId": image, "InstanceType": "t3.small"}}
    lab.client("ec2").create_launch_template(**template)
    groups = lab.client("elbv2").describe_target_groups(Names=["demo-green"])["TargetGroups"]
    autoscaling = lab.client("autoscaling")
    blue = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["demo-blue-v001"])["AutoScalingGroups"][0]
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="green",
        LaunchTemplate={"LaunchTemplateName": "green", "Version": "1"},
        MinSize=2,
        MaxSize=2,
        VPCZoneIdentifier=blue["VPCZoneIdentifier"],
        TargetGroupARNs=[groups[0]["TargetGroupArn"]],
    )
    eventually(lambda: health(lab, groups[0]["TargetGroupArn"]), ["healthy", "healthy"].__eq__)
    return service


def health(lab: LabProcess, group: str) -> list[str]:
    found = lab.client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return [each["TargetHealth"]["State"] for each in found]


def shift(lab: LabProcess, service: RecordService, green: int) -> None:
    """Returns when every name server has the weights."""
    route53 = lab.client("route53")
    zone = route53.list_hosted_zones_by_name(DNSName=service.zone)["HostedZones"][0]["Id"]
    found = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    weights = {"blue": 100 - green, "green": green}
    changes = [
        {"Action": "UPSERT", "ResourceRecordSet": {**each, "Weight": weights[each["SetIdentifier"]]}}
        for each in found
        if "SetIdentifier" in each
    ]
    made = route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    change = made["ChangeInfo"]["Id"]
    eventually(lambda: route53.get_change(Id=change)["ChangeInfo"]["Status"], "INSYNC".__eq__)


@pytest.mark.parametrize("kind", ["alias", "CNAME"])
def test_a_sample_service_may_be_behind_records_of_other_kinds(kind: str) -> None:
    with LabProcess(speed=20, services=(f"shop:{kind}",)) as lab:
        host = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))["bluegreen"]["hosts"]["shop"]
        (route,) = host["bluegreen_routes"]
        with BackgroundLoad(f"http://{route['name']}:8000/", rate=20, resolving=Resolving(lab.dns, 2)) as load:
            time.sleep(1)
    assert set(load.result.total.releases) == {"1.0.0"}
    assert load.result.failed == 0


def test_the_command_looks_the_name_up(lab: LabProcess, service: RecordService, tmp_path: Path) -> None:
    file = tmp_path / "load.json"
    asked = [service.url, "--dns", lab.dns, "--rate", "20", "--seconds", "2", "--clients", "5", "--json", file]
    subprocess.run([sys.executable, "-m", "switchyard_lab", "load", *asked], timeout=30, check=True)
    assert LoadResult.from_json(file.read_text()).total.releases == {"1.0.0": 40}


@pytest.mark.thorough
def test_users_follow_the_records_as_soon_as_they_ask_again(lab: LabProcess, service: RecordService) -> None:
    """The share is that of users of their own: requests that a busy machine is late with count for no other phase."""
    never = Resolving(lab.dns, clients=20, hold_seconds=math.inf)
    with (
        BackgroundLoad(service.url, rate=20, keep_alive=False, resolving=never) as held,
        BackgroundLoad(service.url, rate=100, keep_alive=False, resolving=Resolving(lab.dns, clients=100)) as load,
    ):
        time.sleep(1)  # each client has asked
        shift(lab, service, green=10)
        with BackgroundLoad(service.url, 100, keep_alive=False, resolving=Resolving(lab.dns, clients=100)) as split:
            time.sleep(TTL + SHARED_SECONDS)
        shift(lab, service, green=100)
        moved = time.time() + TTL
        time.sleep(TTL + 2)
    total = split.result.total
    assert total.releases["1.1.0"] / total.requests == pytest.approx(0.1, abs=0.04)
    after = load.result.timeline[math.ceil(moved - load.result.started) :]
    assert [set(each.releases) for each in after] == [{"1.1.0"}] * len(after) != []
    assert set(held.result.total.releases) == {"1.0.0"}
