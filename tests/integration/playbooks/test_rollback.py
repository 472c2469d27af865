# SPDX-License-Identifier: GPL-3.0-or-later
"""rollback.yml from where a release left the service."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml

from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene, eventually, forward
from tests.sample import Sample

from .shifting import shift_by_hand, weigh_by_hand


@pytest.mark.thorough
def test_a_settled_release_is_taken_back_to_the_retained_one(sample: Sample, good: dict[str, Any]) -> None:
    assert sample.open("deploy", **good).returncode == 0
    with BackgroundLoad(sample.url, rate=50) as load:
        played = sample.open("rollback")
    assert played.returncode == 0, played.messages
    assert load.result.failed == 0
    status = sample.status()
    assert (status["stable"], status["environments"]["blue"]["weight"]) == ("blue", 100)

    again = sample.open("rollback")
    assert (again.returncode, again.changed) == (0, 0), "a second rollback must not swing back"


@pytest.mark.thorough
def test_in_a_workflow_it_takes_back_the_release_of_that_workflow_alone(sample: Sample, good: dict[str, Any]) -> None:
    """AWX passes the outcome of the jobs before this one on as extra variables."""
    assert sample.open("deploy", **good).returncode == 0
    image = sample.status()["environments"]["green"]["image_id"]
    since = time.time()
    for outcome in ({"to": {"image_id": "ami-0123456789abcdef0"}}, {"end_state": "refused"}):
        played = sample.open("rollback", awx_workflow_job_id="7", bluegreen_outcome_demo=outcome)
        assert played.outcomes["demo"]["end_state"] == "refused"
        assert "take back" in played.messages
    assert [call for call in sample.lab.calls(since, kind="write") if call["operation"] == "ModifyListener"] == []
    played = sample.open("rollback", awx_workflow_job_id="7", bluegreen_outcome_demo={"to": {"image_id": image}})
    assert played.returncode == 0, played.messages
    assert sample.status()["stable"] == "blue"


def test_without_a_previous_environment_it_is_refused_with_a_reason(sample: Sample) -> None:
    since = time.time()
    played = sample.open("rollback")
    assert played.returncode != 0
    assert "no previous environment is retained" in played.messages
    assert sample.lab.calls(since, kind="write") == []


def test_weights_that_are_all_zero_are_given_to_stable(sample: Sample, good: dict[str, Any]) -> None:
    """A person or Terraform has set them so. A release is refused before its first write, and says what to do."""
    weigh_by_hand(sample, blue=0, green=0)
    since = time.time()
    stable = {"bluegreen_image_id": sample.status()["environments"]["blue"]["image_id"]}
    for playbook, asked in (("deploy", good), ("provision", good), ("deploy", stable)):
        refused = sample.open(playbook, **asked)
        assert refused.outcomes["demo"]["end_state"] == "refused"
        assert "Run rollback.yml, which gives all traffic to blue" in refused.messages
    assert sample.lab.calls(since, kind="write") == []

    assert sample.open("rollback").returncode == 0
    with BackgroundLoad(sample.url, rate=50) as load:
        assert sample.open("rollback").changed == 0
    assert load.result.failed == 0


@pytest.mark.thorough
def test_a_candidate_gets_no_traffic_where_all_weights_are_zero(sample: Sample, good: dict[str, Any]) -> None:
    """Nor does status.yml name an environment that rollback.yml would not return to."""
    assert sample.open("deploy", **good).returncode == 0
    assert sample.status()["way_back"]["color"] == "blue"
    weigh_by_hand(sample, blue=0, green=0)
    assert sample.status()["way_back"]["color"] == "green"
    since = time.time()
    assert sample.open("swap").outcomes["demo"]["end_state"] == "refused"
    assert sample.lab.calls(since, kind="write") == []
    assert sample.open("rollback").returncode == 0
    assert sample.status()["environments"]["green"]["weight"] == 100


@pytest.mark.thorough
def test_weights_that_somebody_sets_to_zero_during_a_release_halt_it(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    """It does not say that it has returned anything, and leaves the weights to people."""
    (route,) = sample.definition["bluegreen_routes"]
    nobody = dict.fromkeys(sample.status()["weights"], 0)
    actions = [forward(nobody)]
    code = f"import boto3; boto3.client('elbv2').modify_listener(ListenerArn={route!r}, DefaultActions={actions!r})"
    (tmp_path / "hook.yml").write_text(
        yaml.safe_dump([{"ansible.builtin.command": {"argv": [sys.executable, "-c", code]}}])
    )
    played = sample.open("deploy", **good, bluegreen_hooks={"before_shift": str(tmp_path / "hook.yml")})
    assert played.outcomes["demo"]["end_state"] == "halted"
    assert "as somebody else has set them, so they stay" in played.messages
    assert sample.status()["weights"] == nobody
    assert sample.open("rollback").returncode == 0
    assert sample.status()["environments"]["blue"]["weight"] == 100


def test_during_a_shift_two_rounds_of_reads_come_before_the_traffic_moves(sample: Sample, good: dict[str, Any]) -> None:
    """Somebody shifts by hand; rollback.yml reads the routes and the groups, then tags and targets, side by side."""
    assert sample.open("provision", **good).returncode == 0
    shift_by_hand(sample, green=50)
    since = time.time()
    assert sample.open("rollback").returncode == 0
    operations = [call["operation"] for call in sample.lab.calls(since)]
    before = operations[: operations.index("ModifyListener")]
    # Beside it, the lease is read and taken, by one DescribeTags and one AddTags.
    assert len([each for each in before if each not in ("DescribeTags", "AddTags")]) == 4, before


@pytest.mark.thorough
def test_with_check_its_hook_does_not_run(sample: Sample, good: dict[str, Any], tmp_path: Path) -> None:
    """A task may run in check mode all the same."""
    assert sample.open("provision", **good).returncode == 0
    shift_by_hand(sample, green=10)
    (tmp_path / "hook.yml").write_text(f"- ansible.builtin.command: touch {tmp_path}/ran\n  check_mode: false\n")
    hooks = {"on_rollback": str(tmp_path / "hook.yml")}
    for arguments, runs in ((["--check"], False), ([], True)):
        played = sample.open("rollback", *arguments, bluegreen_hooks=hooks)
        assert played.returncode == 0, played.messages
        assert (tmp_path / "ran").exists() == runs


@pytest.mark.thorough
def test_a_stable_environment_that_has_scaled_in_is_not_overloaded(sample: Sample, good: dict[str, Any]) -> None:
    """Three instances carry 90 requests/s; one carries 40. It gets a third of them until the others are back."""
    limit_instances(sample, 40)
    assert sample.open("provision", **good).returncode == 0
    with BackgroundLoad(sample.url, rate=90) as load:
        shift_by_hand(sample, green=90)
        sample.lab.client("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName="demo-blue-v001", MinSize=1, DesiredCapacity=1
        )
        eventually(lambda: len(Scene(sample.lab).members("demo-blue-v001")), (1).__eq__)
        played = sample.open("rollback")
    assert played.returncode == 0, played.messages
    moves = [result["moves"] for result in played.results if "moves" in result]
    assert [move["weight"] for move in moves[0]] in ([33, 66, 100], [33, 100])
    assert load.result.failed == 0, load.result.failures[:5]
    assert sample.status()["environments"]["blue"]["healthy"] == 3


def limit_instances(sample: Sample, requests_per_second: int) -> None:
    ec2 = sample.lab.client("ec2")
    images = [image["ImageId"] for image in ec2.describe_images(Owners=["self"])["Images"]]
    ec2.create_tags(Resources=images, Tags=[{"Key": "lab:requests-per-second", "Value": str(requests_per_second)}])


@contextmanager
def renewed(sample: Sample, lease: dict[str, Any]) -> Iterator[None]:
    """By a run that is active, every second: for a hook and for other tasks in turn."""
    ended = threading.Event()

    def renew() -> None:
        for seconds in cycle([600, 0]):
            sample.ask("service_info", **sample.place, lease=lease, hook_timeout=seconds)
            if ended.wait(1):
                return

    renewing = threading.Thread(target=renew)
    renewing.start()
    yield
    ended.set()
    renewing.join()


@pytest.mark.thorough
def test_a_candidate_without_traffic_is_left_to_the_run_that_works_on_it(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    """Its mark and both pins, also where the lease is in a store."""
    assert sample.open("provision", **good).returncode == 0
    for each in sample.status()["environments"].values():
        sample.ask("autoscaling_capacity", group=each["group"], state="pinned")
    store = f"file://{tmp_path}"
    alive = {"service": "demo", "target_groups": sample.place["target_groups"], "store": store, "run": "a"}
    lease = sample.ask("lease", **alive, doing="deploy", by="AWX job 4711")["lease"]
    with renewed(sample, lease):
        played = sample.open("rollback", bluegreen_store=store)
    assert (played.returncode, played.outcomes["demo"]["end_state"]) == (0, "unchanged"), played.messages
    assert "AWX job 4711 is changing demo" in str(played.results)
    after = sample.status()["environments"]
    assert None not in [each["pinned"] for each in after.values()]
    assert after["green"]["rejected"] is None

    sample.ask("lease", **alive, doing="deploy", state="released")
    assert sample.open("rollback", bluegreen_store=store).outcomes["demo"]["end_state"] == "rolled_back"
    history = sample.open("history", bluegreen_store=store, history_end_states=["rolled_back"])
    (denied,) = history.outcomes["demo"]["runs"]
    assert (denied["doing"], bool(denied["by"])) == ("rollback", True)
    after = sample.status()["environments"]
    assert ([each["pinned"] for each in after.values()], after["green"]["rejected"]["reason"]) == (
        [None, None],
        "It was rejected by rollback.yml.",
    )
