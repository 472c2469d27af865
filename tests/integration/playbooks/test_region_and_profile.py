# SPDX-License-Identifier: GPL-3.0-or-later
"""Each service of a play is in a region and an account of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from tests.playing import ROOT, Played, playbook
from tests.plays import forked
from tests.sample import Sample

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    with LabProcess(speed=20) as lab:
        yield lab


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    """A configuration of AWS's tools in which one profile of two has credentials."""
    path = tmp_path / "config"
    path.write_text("[profile shop]\naws_access_key_id = lab\naws_secret_access_key = lab\n[profile empty]\n")
    return path


def play(lab: LabProcess, door: str, environment: dict[str, str], *arguments: str) -> Played:
    given = ["-i", str(lab.inventory), *arguments]
    env = {"AWS_EC2_METADATA_DISABLED": "true", **environment}
    return playbook(ROOT / f"playbooks/{door}.yml", env, *given, run=forked)


def service(played: Played) -> Any:
    return played.outcomes["demo"]["status"]


@pytest.mark.parametrize("in_process", ["true", pytest.param("false", marks=pytest.mark.thorough)])
def test_the_region_of_the_arns_goes_before_that_of_the_environment(lab: LabProcess, in_process: str) -> None:
    elsewhere = lab.env | {"AWS_DEFAULT_REGION": "us-east-2", "AWS_REGION": "us-east-2"}
    played = play(lab, "status", elsewhere, "-e", f"bluegreen_in_process={in_process}")
    assert played.returncode == 0, played.messages
    assert service(played)["stable"] == "blue"


@pytest.mark.parametrize("in_process", ["true", pytest.param("false", marks=pytest.mark.thorough)])
def test_a_host_s_profile_signs_its_tasks(lab: LabProcess, profiles: Path, in_process: str) -> None:
    env = {name: value for name, value in lab.env.items() if name not in KEYS} | {"AWS_CONFIG_FILE": str(profiles)}
    given = ["-e", f"bluegreen_in_process={in_process}", "-e"]
    assert play(lab, "status", env, *given, "bluegreen_profile=shop").returncode == 0
    without = play(lab, "status", env, *given, "bluegreen_profile=empty")
    assert without.returncode != 0
    assert "credentials" in without.messages


def test_a_whole_release_is_signed_by_the_profile_in_the_region_of_the_arns(
    lab: LabProcess, profiles: Path, good: dict[str, Any], tmp_path: Path
) -> None:
    """And what a hook asks with amazon.aws's modules."""
    hook = tmp_path / "hook.yml"
    hook.write_text("- amazon.aws.autoscaling_group_info: {name: demo}\n  register: found\n")
    env = {name: value for name, value in lab.env.items() if name not in KEYS}
    env |= {"AWS_CONFIG_FILE": str(profiles), "AWS_DEFAULT_REGION": "us-east-2"}
    variables = good | {
        "bluegreen_profile": "shop",
        "bluegreen_hooks": {"before_shift": str(hook)},
        "bluegreen_bake_seconds": 0,
        "bluegreen_propagation_timeout": 0,
    }
    with_variables = tmp_path / "variables.yml"
    with_variables.write_text("\n".join(f"{name}: {value!r}" for name, value in variables.items()))
    played = play(lab, "deploy", env, "-e", f"@{with_variables}")
    assert played.outcomes["demo"]["end_state"] == "succeeded", played.messages
    (found,) = [each for each in played.results if each["task"].endswith("amazon.aws.autoscaling_group_info")]
    assert found["results"], "the hook has looked elsewhere"


def test_arns_of_another_region_are_refused(lab: LabProcess) -> None:
    played = Sample(lab).open("plan", bluegreen_region="us-east-2", bluegreen_release="1.1.0")
    assert "bluegreen_region is us-east-2, and the ARNs of bluegreen_routes are of eu-west-1." in played.messages


def test_a_return_of_traffic_goes_by_the_arns(lab: LabProcess) -> None:
    played = Sample(lab).open("rollback", bluegreen_region="us-east-2")
    assert played.returncode == 0, played.messages


def test_a_session_that_ends_before_everything_has_baked_is_refused(lab: LabProcess) -> None:
    ends = {"AWS_CREDENTIAL_EXPIRATION": (datetime.now(UTC) + timedelta(minutes=20)).isoformat()}
    given = ["-e", "bluegreen_release=1.2.0-bad", "-e"]
    slow = json.dumps({"bluegreen_strategy": {"type": "canary", "percent": 10, "bake_seconds": "30m"}})
    played = play(lab, "plan", lab.env | ends, *given, slow)
    assert "AWS_CREDENTIAL_EXPIRATION" in played.messages
    assert "it could not be rolled back after that" in played.messages
    enough = play(lab, "plan", lab.env | ends, *given, "bluegreen_strategy=all_at_once")
    assert "AWS_CREDENTIAL_EXPIRATION" not in enough.messages
    rolled = play(lab, "roll", lab.env | ends, *given, "bluegreen_hold_seconds=1h")
    assert "AWS holds the roll for 1 h together: it could not be rolled back after that" in rolled.messages
