# SPDX-License-Identifier: GPL-3.0-or-later
"""Several hands at one service: one acts, the others are refused by name or take over with their reason."""

from __future__ import annotations

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import is_alive
from switchyard_lab.scene import eventually
from tests.playing import BIN, ROOT, Played, started
from tests.processes import descendants, end
from tests.sample import Sample

from .interrupting import PATIENCE, interrupt_at, weight_of_green
from .shifting import STEPS, baking, signed

NOTICED = 30.0  # seconds: a task that waits looks each 15


def calls_of(sample: Sample, name: str, since: float = 0, kind: str | None = None) -> list[dict[str, Any]]:
    return [call for call in sample.lab.calls(since, kind) if f"app/{name}" in call["user_agent"]]


@pytest.mark.thorough
def test_a_second_deploy_is_refused_by_name_and_a_rollback_takes_over(sample: Sample, good: dict[str, Any]) -> None:
    with baking(sample, good) as first:
        began = time.time()
        second = Sample(sample.lab, run=signed("second")).open("deploy", **good)
        assert second.returncode != 0
        outcome = second.outcomes["demo"]
        assert outcome["end_state"] == "refused"
        assert "is changing demo (deploy, since" in outcome["message"]
        assert f"{os.uname().nodename}, process " in outcome["message"]
        calls = calls_of(sample, "second", began)
        assert [call["operation"] for call in calls if call["kind"] == "write"] == []
        assert calls[-1]["time"] - calls[0]["time"] < 2
        lines = status_of(sample)
        assert any("is active: deploy" in line for line in lines)
        assert any(line.startswith("Rollback: to 1.0.0 in blue in about 5 s. ") for line in lines)

        back = Sample(sample.lab, run=signed("back")).open("rollback")
        assert (back.returncode, back.outcomes["demo"]["end_state"]) == (0, "rolled_back"), back.messages
        returned = time.time()
        stopped = first.result(PATIENCE)
    assert stopped.outcomes["demo"]["end_state"] == "halted"
    assert "lease of demo was taken" in stopped.outcomes["demo"]["message"]
    assert calls_of(sample, "first", returned, "write") == []
    assert sample.status()["lease"] is None


def status_of(sample: Sample) -> list[str]:
    (shown,) = [each for each in sample.open("status").results if each["task"].endswith("Show the result")]
    lines: list[str] = shown["msg"]
    return lines


@pytest.mark.thorough
def test_a_task_whose_controller_was_killed_makes_no_more_calls(sample: Sample, good: dict[str, Any]) -> None:
    variables = json.dumps(good | {"bluegreen_strategy": STEPS})
    process = subprocess.Popen(
        [BIN / "ansible-playbook", ROOT / "playbooks/deploy.yml", "-i", sample.lab.inventory, "-e", variables],
        env=os.environ | sample.lab.env | {"AWS_SDK_UA_APP_ID": "orphan"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    workers: list[int] = []
    try:
        eventually(lambda: weight_of_green(sample) == 10, bool, seconds=PATIENCE)
        workers = descendants(process.pid)
        process.kill()
        process.wait()
        killed = time.time()
        eventually(lambda: [*filter(is_alive, workers)], lambda alive: not alive, seconds=NOTICED)
        assert calls_of(sample, "orphan", killed + 1) == []
        assert any("has not renewed its lease" in line for line in status_of(sample))
        # It is known here that its process is gone, so nobody has to wait until its lease is over.
        assert sample.open("deploy", **good).returncode == 0
    finally:
        end([*workers, process.pid])
        process.wait()


@pytest.fixture(params=["tags", "directory", "s3"])
def kept(request: pytest.FixtureRequest, sample: Sample, tmp_path: Path) -> dict[str, str]:
    """The variable that says where the lease is kept."""
    if request.param == "tags":
        return {}
    if request.param == "directory":
        return {"bluegreen_store": f"file://{tmp_path}"}
    sample.lab.client("s3").create_bucket(
        Bucket="leases", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    return {"bluegreen_store": "s3://leases/bluegreen"}


@pytest.mark.thorough
def test_of_twenty_deploys_at_once_one_acts(sample: Sample, good: dict[str, Any], kept: dict[str, str]) -> None:
    one_of(20, sample, good | kept)


@pytest.mark.thorough
def test_of_several_that_find_a_dead_one_one_goes_on_with_it(
    sample: Sample, good: dict[str, Any], kept: dict[str, str]
) -> None:
    interrupt_at(sample, good | kept, 10)
    one_of(6, sample, good | kept)


@pytest.mark.thorough
def test_of_twenty_deploys_one_acts_when_a_lease_ends_in_mid_way(
    sample: Sample, good: dict[str, Any], kept: dict[str, str]
) -> None:
    of = {"service": "demo", "target_groups": sample.definition["bluegreen_target_groups"]}
    dead = {"run": "dead", "doing": "deploy", "by": "AWX job 4711", "process": "another-machine/1/1", "seconds": 20}
    sample.ask("lease", **of, **dead, store=kept.get("bluegreen_store"))
    refused = sample.open("deploy", **good, **kept).outcomes["demo"]
    assert refused["end_state"] == "refused"
    assert "AWX job 4711 is changing demo" in refused["message"]
    one_of(20, sample, good | kept, apart=1)


def one_of(count: int, sample: Sample, variables: dict[str, Any], apart: float = 0) -> None:
    """Of this many deploys at once, or seconds ``apart``, one acts; the others are refused, and say who it is."""
    # The one is still at work when the last has been started.
    long = variables | {"bluegreen_strategy": [{"weight": 100, "bake_seconds": 4 * count}]}

    def deploy(number: int) -> Played:
        time.sleep(number * apart)
        return Sample(sample.lab, run=started).open("deploy", **long)

    with ThreadPoolExecutor(count) as pool:
        played = list(pool.map(deploy, range(count)))
    ends = [each.outcomes["demo"] for each in played]
    assert sorted(each["end_state"] for each in ends) == ["refused"] * (count - 1) + ["succeeded"], ends
    refusals = [each["message"] for each in ends if each["end_state"] == "refused"]
    assert [each for each in refusals if "is changing demo" not in each] == []
    assert sample.stable_release() == "1.1.0"
    assert sample.status()["lease"] is None


READS = """\
- name: Read the service
  switchyard.bluegreen.service_info:
    service: demo
    routes: "{{ bluegreen_routes }}"
    target_groups: "{{ bluegreen_target_groups }}"
  register: read
- name: Keep how long the lease lasts
  ansible.builtin.copy:
    content: "{{ (read.service.lease.until | ansible.builtin.to_datetime('%Y-%m-%dT%H:%M:%S+00:00')
                  - now(utc=true).replace(tzinfo=none)).total_seconds() }}"
    dest: FILE
    mode: "0600"
"""
STEALS = """\
- name: Take the lease from the run
  switchyard.bluegreen.lease:
    service: demo
    target_groups: "{{ bluegreen_target_groups }}"
    run: thief
    doing: repair
    by: a person
    override: {reason: it hangs, allow: [lease]}
"""


@pytest.mark.thorough
def test_a_hook_is_covered_by_the_lease_and_none_runs_once_it_is_lost(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    hooks = {name: str(tmp_path / f"{name}.yml") for name in ("before_provision", "before_shift", "before_settle")}
    lasted = tmp_path / "lasted"
    Path(hooks["before_provision"]).write_text(READS.replace("FILE", str(lasted)), encoding="utf-8")
    Path(hooks["before_shift"]).write_text(STEALS, encoding="utf-8")
    Path(hooks["before_settle"]).write_text(f"- ansible.builtin.command: touch {tmp_path}/ran\n", encoding="utf-8")
    since = time.time()
    played = Sample(sample.lab, run=signed("robbed")).open(
        "deploy", **good, bluegreen_hooks=hooks, bluegreen_hook_timeout="20m"
    )
    outcome = played.outcomes["demo"]
    assert outcome["end_state"] == "halted"
    assert "a person is changing demo (repair, since" in outcome["message"]
    assert float(lasted.read_text(encoding="utf-8")) > 1100
    assert not (tmp_path / "ran").exists()
    writes = [call["operation"] for call in calls_of(sample, "robbed", since, "write")]
    assert writes[-2:] == ["AddTags", "RemoveTags"], "the theft, by the run's own hook, was its last"
    assert list(sample.status()["weights"].values()) == [100, 0]


@pytest.mark.thorough
def test_the_hook_after_a_return_is_covered_by_the_lease_and_runs_without_its_store(
    sample: Sample, good: dict[str, Any], tmp_path: Path
) -> None:
    """The store goes while the release is in its last hook before that."""
    lasted, store = tmp_path / "lasted", tmp_path / "store"
    store.mkdir()
    fails = "- ansible.builtin.fail: {msg: The cache is cold.}\n"
    hooks = {"after_shift": fails, "on_rollback": READS.replace("FILE", str(lasted))}
    for name, tasks in hooks.items():
        (tmp_path / f"{name}.yml").write_text(tasks, encoding="utf-8")
    named = {
        "bluegreen_hooks": {name: str(tmp_path / f"{name}.yml") for name in hooks},
        "bluegreen_hook_timeout": "20m",
    }
    assert sample.open("deploy", **good, **named).outcomes["demo"]["end_state"] == "rolled_back"
    assert float(lasted.read_text(encoding="utf-8")) > 1100

    noted = f"- ansible.builtin.command: touch {tmp_path}/ran\n"
    (tmp_path / "after_shift.yml").write_text(f"- ansible.builtin.command: rm -r {store}\n{fails}", encoding="utf-8")
    (tmp_path / "on_rollback.yml").write_text(noted, encoding="utf-8")
    played = sample.open("deploy", **good, **named, bluegreen_store=f"file://{store}")
    assert played.outcomes["demo"]["end_state"] == "rolled_back"
    assert (tmp_path / "ran").exists()
