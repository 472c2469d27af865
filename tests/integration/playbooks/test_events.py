# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks, run by ansible-rulebook on a lab: ``make events`` installs it.

Events come as the source for SQS hands them on, out of a file: its collection is not to be had on every machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.playing import BIN, ROOT
from tests.sample import SERVICE, Sample

pytestmark = pytest.mark.thorough

RULEBOOKS = ROOT / "extensions/eda/rulebooks"
EDA = ROOT / "build/eda/bin"
VALID = """
import json, sys, jsonschema, yaml
from pathlib import Path
import ansible_rulebook
schema = json.loads((Path(ansible_rulebook.__file__).parent / "schema/ruleset_schema.json").read_text())
jsonschema.validate(yaml.safe_load(Path(sys.argv[1]).read_text()), schema)
"""
Heard = Callable[..., str]


def alarm(name: str, state: str) -> dict[str, Any]:
    """As in "Alarm events and EventBridge" in the user guide of CloudWatch."""
    detail = {"alarmName": name, "state": {"value": state}, "previousState": {"value": "OK"}}
    return {"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", "detail": detail}


def tagged(kind: str) -> dict[str, Any]:
    """As in "Tag change events" in the user guide of AWS resource tagging."""
    detail = {"changed-tag-keys": ["approved"], "service": "ec2", "resource-type": kind, "tags": {"approved": "yes"}}
    return {"source": "aws.tag", "detail-type": "Tag Change on Resource", "detail": detail}


@pytest.fixture(scope="module")
def rulebook() -> Path:
    if not (EDA / "ansible-rulebook").is_file():
        pytest.skip("ansible-rulebook is not in build/eda: make events")
    return EDA / "ansible-rulebook"


@pytest.mark.parametrize("path", sorted(RULEBOOKS.glob("*.yml")), ids=lambda path: path.stem)
def test_a_rulebook_is_one_by_its_schema(rulebook: Path, path: Path) -> None:
    done = subprocess.run(
        [rulebook.with_name("python"), "-c", VALID, path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def heard(rulebook: Path, sample: Sample, tmp_path: Path) -> Heard:
    """``heard("alarms", event, bluegreen_alarms=…)`` → what a rulebook prints that gets this event.

    The service has these variables in its inventory.
    """
    if not shutil.which("java"):
        pytest.skip("ansible-rulebook needs a Java runtime, such as openjdk-17-jre-headless; its schema was tested")

    def hear(name: str, *events: dict[str, Any], **variables: Any) -> str:
        inventory = tmp_path / "services.yml"
        services = yaml.safe_load(sample.lab.inventory.read_text(encoding="utf-8"))
        del services["bluegreen"]["vars"]["bluegreen_image_id"]
        services["bluegreen"]["hosts"][SERVICE] |= variables
        inventory.write_text(yaml.safe_dump(services), encoding="utf-8")
        return run(rulebook, fed(name, events, tmp_path), inventory, sample)

    return hear


def fed(name: str, events: Sequence[dict[str, Any]], folder: Path) -> Path:
    """The rulebook with a source in place of its queue."""
    payload = folder / "events.yml"
    payload.write_text(
        yaml.safe_dump([{"body": each, "meta": {"MessageId": "1"}} for each in events]), encoding="utf-8"
    )
    rulesets = yaml.safe_load((RULEBOOKS / f"{name}.yml").read_text(encoding="utf-8"))
    for ruleset in rulesets:
        ruleset["sources"] = [{"eda.builtin.generic": {"payload_file": str(payload), "shutdown_after": 1}}]
    path = folder / f"{name}.yml"
    path.write_text(yaml.safe_dump(rulesets), encoding="utf-8")
    return path


def run(rulebook: Path, rules: Path, inventory: Path, sample: Sample) -> str:
    environment = os.environ | sample.lab.env | {"PATH": f"{BIN}:{os.environ['PATH']}", "ANSIBLE_NOCOLOR": "1"}
    done = subprocess.run(
        [rulebook, "--rulebook", rules, "--inventory", inventory],
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    return done.stdout


def test_an_alarm_soon_after_a_release_takes_users_back(sample: Sample, good: dict[str, Any], heard: Heard) -> None:
    assert sample.open("deploy", **good).returncode == 0
    sample.lab.client("cloudwatch").put_metric_alarm(
        AlarmName="web-5xx",
        Namespace="Nobody",
        MetricName="Nothing",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=5,
        TreatMissingData="breaching",
    )
    others = (alarm("web-5xx", "OK"), alarm("{{ lookup('pipe', 'false') }}", "ALARM"))
    assert "PLAY" not in heard("alarms", *others, bluegreen_alarms=["web-5xx"])
    assert sample.answering() == {"1.1.0"}
    heard("alarms", alarm("web-5xx", "ALARM"), bluegreen_alarms=["web-5xx"])
    assert sample.answering() == {"1.0.0"}
    last = sample.status()["outcomes"][0]
    assert (last["doing"], last["end_state"], last["from"]["release"]) == ("rollback", "rolled_back", "1.1.0")
    assert "after the release of 1.1.0" in last["reason"]


def test_an_image_that_was_approved_is_released(sample: Sample, heard: Heard) -> None:
    ec2 = sample.lab.client("ec2")
    (image,) = ec2.describe_images(Filters=[{"Name": "name", "Values": ["web-1.1.0"]}])["Images"]
    rule = {"bluegreen_image": {"tags": {"approved": "yes"}, "newest": True, "release_tag": "lab:release"}}
    ec2.create_tags(Resources=[image["ImageId"]], Tags=[{"Key": "approved", "Value": "yes"}])
    assert "PLAY" not in heard("images", tagged("instance"), **rule)
    said = heard("images", tagged("image"), **rule)
    assert sample.answering() == {"1.1.0"}, said
