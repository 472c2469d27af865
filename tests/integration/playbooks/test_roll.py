# SPDX-License-Identifier: GPL-3.0-or-later
"""roll.yml: six instances replaced in place under load, and bad images taken back."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

import pytest
import yaml

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene, eventually
from tests.in_process import in_process
from tests.sample import Sample

from .interrupting import interrupted_after_each_write

INSTANCES = 6
GROUP = "demo-blue-v001"
QUICK = {"bluegreen_instance_warmup": 0, "bluegreen_bake_seconds": 0, "bluegreen_hold_seconds": 60}
LAUNCH_FIRST = {"bluegreen_max_healthy_percentage": 150}
HOOK_SECONDS = 600
LEASE = """\
- name: Keep the lease of the run that this hook is of
  ansible.builtin.copy:
    src: "{{{{ bluegreen_store | replace('file://', '') }}}}/demo/lease.json"
    dest: {file}
    mode: "0600"
"""
AT_ONCE = {"bluegreen_min_healthy_percentage": 66}


@pytest.fixture(scope="module")
def six() -> Iterator[Sample]:
    """The sample service with six instances; one lab for all tests, as each leaves the first release behind."""
    with LabProcess(speed=20) as lab:
        lab.client("autoscaling").set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=INSTANCES)
        sample = Sample(lab)
        eventually(lambda: healthy(sample), (INSTANCES).__eq__)
        yield sample


@pytest.fixture
def rolling(six: Sample) -> Sample:
    """No alarm rings any more for what an earlier test has released."""
    cloudwatch = six.lab.client("cloudwatch")
    eventually(lambda: cloudwatch.describe_alarms(StateValue="ALARM")["MetricAlarms"], [].__eq__)
    return six


def healthy(sample: Sample) -> int:
    scene = Scene(sample.lab)
    (arn,) = scene.describe(GROUP)["TargetGroupARNs"]
    return list(scene.health(arn).values()).count("healthy")


def last(sample: Sample) -> tuple[str, str, str, str]:
    """How the last run has ended that changed something; it has given the lease back."""
    status = sample.status()
    assert status["lease"] is None
    outcome = status["outcomes"][0]
    return outcome["doing"], outcome["end_state"], outcome["from"]["release"], outcome["to"]["release"]


def note_lease(file: Path, then: str = "") -> str:
    """A hook that copies the lease, then does something else."""
    hook = file.with_suffix(".yml")
    hook.write_text(LEASE.format(file=file) + then, encoding="utf-8")
    return str(hook)


def holder(sample: Sample, noted: Mapping[str, Any]) -> Any:
    """Of the lease, in the store and in tags."""
    return sample.ask("service_info", **sample.place, store=noted["bluegreen_store"])["service"]["lease"]


class Capacity:
    """``with Capacity(sample) as capacity: …``, then ``capacity.least``, the fewest healthy targets at any time."""

    def __init__(self, sample: Sample) -> None:
        self.least = INSTANCES
        self._sample, self._over = sample, threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            self.least = min(self.least, healthy(self._sample))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()


def latest(sample: Sample) -> dict[str, Any]:
    found = sample.lab.client("autoscaling").describe_instance_refreshes(AutoScalingGroupName=GROUP)
    return dict(found["InstanceRefreshes"][0])


def images(sample: Sample) -> set[str]:
    """Of the group's instances."""
    ec2, ids = sample.lab.client("ec2"), list(Scene(sample.lab).members(GROUP))
    found = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    return {each["ImageId"] for reservation in found for each in reservation["Instances"]}


@pytest.fixture
def protected(rolling: Sample) -> Iterator[dict[str, str]]:
    """All instances are protected from scale-in, the new ones too. The variable with which they can be rolled."""
    autoscaling = rolling.lab.client("autoscaling")

    def protect(value: bool) -> None:
        autoscaling.update_auto_scaling_group(AutoScalingGroupName=GROUP, NewInstancesProtectedFromScaleIn=value)
        autoscaling.set_instance_protection(
            AutoScalingGroupName=GROUP, InstanceIds=list(Scene(rolling.lab).members(GROUP)), ProtectedFromScaleIn=value
        )

    protect(True)
    yield {"bluegreen_scale_in_protected": "refresh"}
    protect(False)


@pytest.mark.thorough
def test_a_roll_keeps_its_bounds_and_is_taken_back_when_it_is_finished(
    rolling: Sample, protected: dict[str, str]
) -> None:
    with BackgroundLoad(rolling.url, rate=50) as load:
        with Capacity(rolling) as capacity:
            played = rolling.open(
                "roll", bluegreen_release="1.1.0", bluegreen_checkpoints=[50], **QUICK, **LAUNCH_FIRST, **protected
            )
        assert played.returncode == 0, played.messages
        assert capacity.least == INSTANCES
        assert rolling.stable_release() == "1.1.0"
        assert last(rolling) == ("roll", "succeeded", "1.0.0", "1.1.0")
        outcome = played.outcomes["demo"]
        assert outcome["previous_image_id"] == outcome["from"]["image_id"] != outcome["to"]["image_id"]
        again = rolling.open("roll", bluegreen_release="1.1.0", **QUICK, **protected)
        assert (again.returncode, again.changed) == (0, 0), again.messages

        with Capacity(rolling) as capacity:
            back = rolling.open("rollback", **QUICK, **AT_ONCE, **protected)
        assert back.returncode == 0, back.messages
        assert capacity.least >= 4
    assert any("can no longer roll it back" in str(result.get("msg")) for result in back.results)
    assert load.result.failed == 0, load.result.failures[:5]
    assert (rolling.answering(), rolling.stable_release()) == ({"1.0.0"}, "1.0.0")
    assert last(rolling) == ("rollback", "rolled_back", "1.1.0", "1.0.0")


@pytest.mark.thorough
def test_a_bad_image_is_rolled_back_by_an_alarm(rolling: Sample) -> None:
    """Half of the instances serve it for a while: the next half would follow when they have warmed up."""
    before = images(rolling)
    slow = QUICK | LAUNCH_FIRST | {"bluegreen_instance_warmup": 200}
    with BackgroundLoad(rolling.url, rate=50):
        played = rolling.open("roll", bluegreen_release="1.2.0-bad", **slow)
    assert played.returncode != 0
    assert "demo-blue-5xx is in ALARM" in played.messages
    assert "every instance has the previous image" in played.messages
    assert latest(rolling)["Status"] == "RollbackSuccessful"
    assert (images(rolling), rolling.stable_release()) == (before, "1.0.0")
    assert rolling.open("rollback").changed == 0, "what is taken back already stays"
    assert last(rolling) == ("roll", "rolled_back", "1.0.0", "1.2.0-bad")


def test_a_checkpoint_that_fails_its_checks_is_rolled_back_while_aws_holds_it(rolling: Sample) -> None:
    before = images(rolling)
    checks = [{"path": "/nowhere", "status": 418}]
    asked = (
        QUICK
        | LAUNCH_FIRST
        | {"bluegreen_checkpoints": [50], "bluegreen_checks": checks, "bluegreen_hold_seconds": 3600}
    )
    played = rolling.open("roll", bluegreen_release="1.1.0", **asked)
    assert played.returncode != 0
    assert "418" in played.messages
    assert latest(rolling)["RollbackDetails"]["PercentageCompleteOnRollback"] == 50
    assert images(rolling) == before


def test_rollback_yml_takes_back_what_aws_holds_under_a_lease_and_with_a_record(
    rolling: Sample, tmp_path: Path
) -> None:
    before = images(rolling)
    inventory = yaml.safe_load(rolling.lab.inventory.read_text(encoding="utf-8"))
    image_id = inventory["bluegreen"]["vars"]["bluegreen_images"]["1.1.0"]
    held = {"checkpoints": [50], "until_percentage": 50, "max_healthy_percentage": 150, "instance_warmup": 0}
    with patch.dict(os.environ, rolling.lab.env):
        in_process("instance_refresh", {"group": GROUP, "service": "demo", "image_id": image_id, **held}, check=False)
    assert images(rolling) == before | {image_id}
    noted = {
        "bluegreen_store": f"file://{tmp_path}",
        "bluegreen_hooks": {"on_rollback": note_lease(tmp_path / "lease")},
    }
    rolling.lab.fault(operation="RollbackInstanceRefresh", times=1, error="AccessDenied")
    assert rolling.open("rollback", **QUICK, **noted).outcomes["demo"]["end_state"] == "halted"
    assert holder(rolling, noted) is None, "nobody has to wait until it is over"
    back = rolling.open("rollback", **QUICK, **noted)
    assert back.returncode == 0, back.messages
    assert any("was rolled back while it ran" in str(result.get("msg")) for result in back.results)
    assert images(rolling) == before
    lease = json.loads((tmp_path / "lease").read_text(encoding="utf-8"))
    assert lease["doing"] == "rollback", "others wait for it"
    assert lease["until"] - lease["renewed"] == HOOK_SECONDS

    run, halted = rolling.open("history", **noted).outcomes["demo"]["runs"]
    assert (halted["doing"], halted["end_state"]) == ("rollback", "halted")
    assert (run["doing"], run["end_state"], run["from"]["image_id"]) == ("rollback", "rolled_back", image_id)
    assert {run["to"]["image_id"]} == before
    assert run["restored_seconds"] > 0
    assert holder(rolling, noted) is None
    again = rolling.open("rollback", **QUICK, **noted)
    assert again.outcomes["demo"]["end_state"] == "unchanged"
    assert len(rolling.open("history", **noted).outcomes["demo"]["runs"]) == 2


def test_each_hook_of_a_roll_is_covered_by_the_lease_and_needs_no_test_route(rolling: Sample, tmp_path: Path) -> None:
    hooks = {
        "after_test_traffic": note_lease(tmp_path / "tested", "- ansible.builtin.fail: {msg: The cache is cold.}\n"),
        "on_rollback": note_lease(tmp_path / "returned"),
    }
    noted = {"bluegreen_store": f"file://{tmp_path}", "bluegreen_hooks": hooks, "bluegreen_test_route": {}}
    played = rolling.open("roll", bluegreen_release="1.1.0", **QUICK | {"bluegreen_hold_seconds": 3600}, **noted)
    assert "The cache is cold." in played.outcomes["demo"]["message"]
    for hook in ("tested", "returned"):
        lease = json.loads((tmp_path / hook).read_text(encoding="utf-8"))
        assert (lease["doing"], lease["until"] - lease["renewed"]) == ("roll", HOOK_SECONDS)
    assert holder(rolling, noted) is None


def test_what_a_roll_cannot_begin_with_is_refused(rolling: Sample) -> None:
    autoscaling, since = rolling.lab.client("autoscaling"), time.time()
    hasty = rolling.open("roll", bluegreen_release="1.1.0", bluegreen_bake_seconds=60, bluegreen_hold_seconds=60)
    assert "AWS would continue before the checkpoint is verified and baked" in hasty.messages
    assert rolling.lab.calls(since, kind="write") == []
    live = Scene(rolling.lab).describe(GROUP)
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="demo-green-v002",
        LaunchTemplate={"LaunchTemplateId": live["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"},
        MinSize=0,
        MaxSize=0,
        VPCZoneIdentifier=live["VPCZoneIdentifier"],
        Tags=[{"Key": f"bluegreen:{key}", "Value": value} for key, value in (("service", "demo"), ("color", "green"))],
    )
    second = rolling.open("roll", bluegreen_release="1.1.0", **QUICK)
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName="demo-green-v002")
    assert "has a second environment, demo-green-v002, in green" in second.messages


def test_a_roll_that_cannot_be_started_says_so_and_holds_up_nobody(rolling: Sample) -> None:
    before = images(rolling)
    rolling.lab.fault(operation="StartInstanceRefresh", times=1, error="AccessDenied")
    played = rolling.open("roll", bluegreen_release="1.1.0", **QUICK)
    outcome = played.outcomes["demo"]
    assert (played.returncode, outcome["end_state"], images(rolling)) == (2, "halted", before)
    assert outcome["message"].startswith("The roll of demo could not be started: ")
    assert rolling.status()["lease"] is None


@pytest.mark.thorough
def test_a_roll_killed_after_any_of_its_writes_is_finished_by_the_next(rolling: Sample) -> None:
    image = Scene(rolling.lab).image(release="1.1.0")  # one of which an earlier test has left no version
    variables = {"bluegreen_image_id": image, "bluegreen_release": "1.1.0", **QUICK, **LAUNCH_FIRST}
    with BackgroundLoad(rolling.url, rate=20) as load:
        killed = interrupted_after_each_write(rolling, variables, lambda runs: 2 + bool(runs), "roll")
    assert killed >= 4, "the journal, the version, the refresh, the release"
    assert (rolling.answering(), rolling.stable_release()) == ({"1.1.0"}, "1.1.0")
    assert load.result.failed == 0, load.result.failures[:5]
    assert rolling.open("rollback", **QUICK).returncode == 0
    assert (rolling.answering(), rolling.stable_release()) == ({"1.0.0"}, "1.0.0")
