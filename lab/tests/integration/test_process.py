# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as a process: it starts, tells what it did, fails on request, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import pytest
import yaml
from botocore.exceptions import ClientError

from switchyard_lab.client import LabProcess, born, is_alive, still_there
from switchyard_lab.load.background import BackgroundLoad
from switchyard_lab.scene import Scene, eventually, refusal

END_SECONDS = 60  # far more than it takes, for a machine that is busy with other tests
ORPHAN = """
import json, sys
from switchyard_lab.client import LabProcess
lab = LabProcess(speed=20).__enter__()
print(json.dumps(lab.info()["pids"]), flush=True)
sys.stdin.read()
"""

INTERRUPTED = """
import signal, sys
from switchyard_lab.client import LabProcess
if sys.argv[1] == "warm":  # its fork server is there already
    with LabProcess(seed=False):
        pass
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, 0.3)
LabProcess().__enter__()
"""


def test_the_sample_serves_and_has_an_inventory(lab: LabProcess) -> None:
    inventory = yaml.safe_load(lab.inventory.read_text(encoding="utf-8"))["bluegreen"]
    service = inventory["hosts"]["demo"]
    assert service["bluegreen_target_groups"] == {"blue": "demo-blue", "green": "demo-green"}
    assert set(inventory["vars"]["bluegreen_images"]) == {"1.0.0", "1.1.0", "1.2.0-bad"}
    with urllib.request.urlopen(service["bluegreen_test_route"]["url"], timeout=10) as answer:
        assert answer.headers["X-Release"] == "1.0.0"
        assert answer.headers["X-Instance-Id"] in lab.info()["instances"]


def test_the_sample_is_tagged(lab: LabProcess) -> None:
    elbv2 = lab.client("elbv2")
    groups = elbv2.describe_target_groups(Names=["demo-blue", "demo-green"])["TargetGroups"]
    described = elbv2.describe_tags(ResourceArns=[group["TargetGroupArn"] for group in groups])["TagDescriptions"]
    tags = [{tag["Key"]: tag["Value"] for tag in each["Tags"]} for each in described]
    assert [each["bluegreen:color"] for each in tags] == ["blue", "green"]
    assert [each["bluegreen:stable"] for each in tags] == ["blue", "blue"]


def test_every_call_is_logged(lab: LabProcess) -> None:
    began = time.time()
    lab.client("route53").list_hosted_zones()
    lab.client("ssm").get_parameters(Names=["none"])
    lab.client("cloudwatch").describe_alarms()
    lab.client("elbv2").describe_load_balancers()
    lab.client("ec2").create_tags(Resources=[lab.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]], Tags=[])
    assert refusal(lab.client("elbv2").describe_target_groups, Names=["none"]) == "TargetGroupNotFound"
    calls = lab.calls(since=began)
    assert [(call["service"], call["operation"], call["kind"], call["status"]) for call in calls] == [
        ("route53", "ListHostedZones", "read", 200),
        ("ssm", "GetParameters", "read", 200),
        ("cloudwatch", "DescribeAlarms", "read", 200),
        ("elbv2", "DescribeLoadBalancers", "read", 200),
        ("ec2", "DescribeVpcs", "read", 200),
        ("ec2", "CreateTags", "write", 200),
        ("elbv2", "DescribeTargetGroups", "read", 400),
    ]
    assert all("Botocore" in call["user_agent"] for call in calls)
    assert [call["operation"] for call in lab.calls(since=began, kind="write")] == ["CreateTags"]


@pytest.mark.parametrize("service", ["elbv2", "ec2", "scheduler"])
def test_an_operation_fails_as_often_as_asked(lab: LabProcess, service: str) -> None:
    operation = {"elbv2": "DescribeLoadBalancers", "ec2": "DescribeVpcs", "scheduler": "ListSchedules"}[service]
    call = {"elbv2": "describe_load_balancers", "ec2": "describe_vpcs", "scheduler": "list_schedules"}[service]
    lab.fault(operation=operation, times=2, error="AccessDenied")
    for _failure in range(2):
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(lab.client(service), call)()
    getattr(lab.client(service), call)()


def test_throttling_is_what_a_client_retries(lab: LabProcess) -> None:
    began = time.time()
    lab.fault(operation="DescribeLoadBalancers", times=2, error="Throttling")
    lab.client("elbv2").describe_load_balancers()
    assert [call["status"] for call in lab.calls(since=began)] == [400, 400, 200]


def test_a_lost_answer_is_of_a_call_that_was_done(lab: LabProcess, scene: Scene) -> None:
    """So the SDK makes the call again, and it is refused."""
    began = time.time()
    lab.fault(operation="CreateAutoScalingGroup", lost=True)
    template = {"LaunchTemplateId": scene.template(), "Version": "1"}
    assert refusal(scene.group, desired=0, LaunchTemplate=template) == "AlreadyExists"
    statuses = [call["status"] for call in lab.calls(since=began) if call["operation"] == "CreateAutoScalingGroup"]
    assert statuses == [200, 400]


def test_faults_are_for_what_there_is(lab: LabProcess, scene: Scene) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        lab.fault(instance="i-00000000000000000", action="crash")
    (instance,) = scene.in_service(scene.group(1), 1)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        lab.fault(instance=instance, action="dance")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        lab.fault(operations="ModifyListener")


def test_labs_live_side_by_side_and_leave_nothing_behind(lab: LabProcess) -> None:
    with LabProcess(seed=False) as second:
        assert second.info()["cidr"] != lab.info()["cidr"]
        assert second.client("ec2").describe_images()["Images"] == []
        processes = born(second.info()["pids"])
        assert len(processes) == 3
        assert still_there(processes) == list(processes)
    assert still_there(processes) == []


def test_a_number_that_is_used_again_is_another_process() -> None:
    own = os.getpid()
    assert still_there(born([own])) == [own]
    assert still_there({own: "1"}) == []


@pytest.mark.thorough  # it starts a Python that has imported nothing yet
def test_a_killed_parent_takes_its_lab_along() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().strip("[]\n").split(",")]
        assert len(pids) == 6
        parent.kill()
    eventually(lambda: [pid for pid in pids if is_alive(pid)], lambda left: not left, END_SECONDS)


def test_a_killed_lab_takes_its_children_along() -> None:
    lab = LabProcess(seed=False)
    with lab:
        own, *children = lab.info()["pids"]
        os.kill(own, signal.SIGKILL)
        eventually(lambda: [pid for pid in children if is_alive(pid)], lambda left: not left, END_SECONDS)


@pytest.mark.parametrize("server", ["cold", "warm"])
def test_interrupting_a_wait_for_a_lab_leaves_nothing_behind(tmp_path: Path, server: str) -> None:
    mark = f"TMPDIR={tmp_path}".encode()

    def left() -> list[str]:
        return [each.parent.name for each in Path("/proc").glob("[0-9]*/environ") if mark in read(each).split(b"\0")]

    def read(environment: Path) -> bytes:
        with suppress(OSError):
            return environment.read_bytes()
        return b""

    command = [sys.executable, "-c", INTERRUPTED, server]
    done = subprocess.run(command, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, check=False)
    assert done.stderr.rstrip().endswith(b"KeyboardInterrupt")
    eventually(left, lambda pids: not pids, END_SECONDS)
    assert list(tmp_path.glob("lab-*")) == []


def test_interrupting_ends_it_in_the_foreground_quietly(tmp_path: Path) -> None:
    inventory = tmp_path / "services.yml"
    process = subprocess.Popen(
        [sys.executable, "-m", "switchyard_lab", "serve"],
        env=os.environ | {"LAB_PORT": "0", "LAB_SPEED": "20", "LAB_INVENTORY": str(inventory)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        said = list(takewhile(lambda line: not line.startswith("lab ready"), process.stdout))
        assert any(line.startswith("export AWS_ENDPOINT_URL=http://127.0.0.1:") for line in said)
        service = yaml.safe_load(inventory.read_text(encoding="utf-8"))["bluegreen"]["hosts"]["demo"]
        with BackgroundLoad(service["bluegreen_test_route"]["url"], rate=300):
            time.sleep(1)  # by then, something is in flight at every moment
            process.send_signal(signal.SIGINT)
            _said, complaints = process.communicate(timeout=END_SECONDS)
    assert (process.returncode, complaints) == (0, "")
