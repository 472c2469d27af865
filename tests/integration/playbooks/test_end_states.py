# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs say at their end, while a release stands at 10 %: refusals touch nothing, whoever else is acting."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from switchyard_lab.client import LabProcess
from tests.playing import ROOT, playbook
from tests.sample import Sample

from .interrupting import EXPIRED
from .reading import end, message
from .shifting import shift_by_hand

RELEASE = {"bluegreen_release": "1.1.0"}
OTHER = {"bluegreen_release": "1.2.0-bad"}
TAKE_OVER = """
- switchyard.bluegreen.environment_mark: {group: demo-green-v002, mark: run, value: the-other-run}
- ansible.builtin.fail: {msg: The cache is cold.}
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    """Of its own, as the candidate stays."""
    with LabProcess(speed=20) as process:
        yield process


@pytest.fixture(scope="module")
def standing(lab: LabProcess) -> Sample:
    """A candidate with 10 % of the traffic."""
    sample = Sample(lab)
    assert end(sample.open("provision", **RELEASE)) == ("provisioned", 0)
    assert end(sample.open("verify", **RELEASE)) == ("verified", 0)
    shift_by_hand(sample, green=10)
    return sample


@pytest.mark.parametrize(
    ("door", "variables", "said"),
    [
        ("deploy", RELEASE | {"bluegreen_strategy": "typo"}, "typo"),
        ("deploy", OTHER, "demo is being shifted to 1.1.0"),
        ("swap", OTHER, "The candidate of demo is another one"),
        ("verify", OTHER, "The candidate of demo is another one"),
        ("roll", OTHER, "has a second environment"),
    ],
)
def test_a_refused_run_touches_nothing(standing: Sample, door: str, variables: dict[str, Any], said: str) -> None:
    since = time.time()
    played = standing.open(door, **variables)
    assert end(played) == ("refused", 1)
    assert said in played.results[-1]["msg"]
    assert played.outcomes["demo"]["to"]["release"] == variables["bluegreen_release"]
    assert standing.lab.calls(since, kind="write") == []
    assert sorted(standing.status()["weights"].values()) == [10, 90]


def test_what_is_no_release_fails_after_one_in_the_same_command_too(standing: Sample, tmp_path: Path) -> None:
    """A teardown with nothing to do, and a freeze without a reason."""
    doors = [{"import_playbook": str(ROOT / f"playbooks/{door}.yml")} for door in ("teardown", "freeze")]
    (tmp_path / "site.yml").write_text(yaml.safe_dump(doors))
    given = json.dumps(RELEASE | {"bluegreen_fail_on": ["rolled_back", "halted"]})
    played = playbook(tmp_path / "site.yml", standing.lab.env, "-i", str(standing.lab.inventory), "-e", given)
    assert end(played) == ("refused", 1)
    assert "bluegreen_freeze_reason is not set" in message(played)
    assert "image" not in played.outcomes["demo"], "which is that of the release"


def test_check_mode_says_where_the_traffic_is(standing: Sample) -> None:
    since = time.time()
    played = standing.open("deploy", "--check", **RELEASE, bluegreen_strategy=[{"weight": 10}, {"weight": 100}])
    assert end(played) == ("checked", 0), played.messages
    assert "Blue has 90 % and green 10 % of the traffic." in message(played)
    assert standing.lab.calls(since, kind="write") == []


def test_the_last_thing_that_is_said_of_a_halt_is_its_first_reason_and_what_to_do(
    standing: Sample, tmp_path: Path
) -> None:
    """From the hook on, the API takes no credentials: nothing is read or returned."""
    away = [{"operation": each, "times": 1000, **EXPIRED} for each in ("DescribeListeners", "DescribeTags", "*")]
    fault = {"url": f"{standing.lab.endpoint}/_lab/fault", "method": "POST", "body_format": "json"}
    tasks = [
        {"ansible.builtin.uri": {**fault, "body": "{{ item }}"}, "loop": away},
        {"ansible.builtin.fail": {"msg": "The cache is cold."}},
    ]
    (tmp_path / "hook.yml").write_text(yaml.safe_dump(tasks))
    played = standing.open("swap", **RELEASE, bluegreen_hooks={"before_shift": str(tmp_path / "hook.yml")})
    for each in away:
        standing.lab.fault(operation=each["operation"], times=0)
    assert end(played) == ("halted", 1)
    said = played.results[-1]["msg"]
    parts = ("Failed: The cache is cold. Then:", "expired", "last known state is that blue has 90 % and green 10 %")
    assert [part for part in (*parts, "Run rollback.yml as soon as AWS answers.") if part not in said] == []
    assert sorted(standing.status()["weights"].values()) == [10, 90]


def test_a_run_that_was_overtaken_leaves_the_traffic_to_the_other_and_a_person_returns_it(
    standing: Sample, tmp_path: Path
) -> None:
    (tmp_path / "hook.yml").write_text(TAKE_OVER)
    hooks = {"before_shift": str(tmp_path / "hook.yml")}
    played = standing.open("swap", **RELEASE, bluegreen_hooks=hooks)
    assert end(played) == ("halted", 1)
    said = played.results[-1]["msg"]
    for part in (
        "The cache is cold.",
        "Run the-other-run has taken the candidate over",
        "blue has 90 % and green 10 %",
    ):
        assert part.lower() in said.lower()
    assert sorted(standing.status()["weights"].values()) == [10, 90]

    back = standing.open("rollback")
    assert end(back) == ("rolled_back", 0)
    outcome = back.outcomes["demo"]
    assert [outcome[key]["release"] for key in ("from", "to")] == ["1.1.0", "1.0.0"]
    assert 0 <= outcome["rollback_seconds"] <= outcome["seconds"] < 60
    since = time.time()
    assert end(standing.open("teardown", **RELEASE)) == ("unchanged", 0)
    assert standing.lab.calls(since, kind="write") == []


def test_a_rollback_with_nothing_to_return_to_is_refused(lab: LabProcess, standing: Sample) -> None:
    standing.lab.client("autoscaling").delete_auto_scaling_group(
        AutoScalingGroupName="demo-green-v002", ForceDelete=True
    )
    since = time.time()
    played = standing.open("rollback")
    assert end(played) == ("refused", 1)
    assert "no previous environment is retained" in played.results[-1]["msg"]
    assert lab.calls(since, kind="write") == []
