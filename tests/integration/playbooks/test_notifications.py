# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run sends, and when."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from tests.playing import ROOT, Played, started
from tests.receiver import Receiver
from tests.sample import Sample

SECRET = "a-key-of-the-receiver"


def notify(receiver: Receiver, path: str = "/") -> dict[str, Any]:
    """The address is a secret as well."""
    return {"bluegreen_notify": [{"webhook": f"{receiver.url}{path}", "secret": SECRET}]}


def warnings(played: Played) -> list[str]:
    return [str(line) for result in played.results for line in result.get("warnings", [])]


def test_a_refusal_is_sent_and_no_secret_is_shown(lab: LabProcess) -> None:
    with Receiver() as receiver:
        said = notify(receiver, "/s3cret") | {"bluegreen_image_id": "ami-00000000000000000"}
        arguments = [str(ROOT / "playbooks/deploy.yml"), "-i", str(lab.inventory), "-vvv", "-e", json.dumps(said)]
        code, output, errors = started(arguments, os.environ | lab.env, 60)
    assert (code, receiver.events) == (2, ["refused"]), output + errors
    (got,) = receiver.received
    assert (got.data["service"], got.data["doing"]) == ("demo", "deploy")
    assert "ami-00000000000000000" in got.data["message"]
    assert SECRET not in output + errors
    assert "s3cret" not in output + errors


def test_a_release_with_a_malformed_target_is_refused_and_a_rollback_goes_on(lab: LabProcess) -> None:
    with Receiver() as receiver:
        Sample(lab).open("plan", bluegreen_image_id="ami-00000000000000000", **notify(receiver))
    assert receiver.events == [], "who asks for a plan reads it"
    wrong = {"bluegreen_notify": [{"webhook": "https://example.com/s3cret"}]}
    refused = Sample(lab).open("plan", bluegreen_release="1.1.0", **wrong)
    assert "bluegreen_notify: Target 1: A webhook needs a secret" in refused.messages
    assert "s3cret" not in refused.messages
    returned = Sample(lab).open("rollback", **wrong)
    assert "demo cannot return to the previous release: no previous environment is retained" in returned.messages
    assert any("bluegreen_notify cannot be read, so nothing is sent" in line for line in warnings(returned))


def test_a_freeze_is_sent_once(lab: LabProcess) -> None:
    """It ends like a run, with an outcome, which is not sent as well."""
    with Receiver() as receiver:
        for door in ("freeze", "status", "unfreeze"):
            played = Sample(lab).open(door, bluegreen_freeze_reason="Stock-taking", **notify(receiver))
            assert played.returncode == 0, played.messages
        Sample(lab).open("approve", **notify(receiver))
    assert receiver.events == ["frozen", "unfrozen"], "that nothing waits for approval concerns who has asked"


@pytest.mark.thorough
def test_a_failure_is_sent_once_the_traffic_is_back(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    said = {"bluegreen_store": f"file://{tmp_path}/store"}
    since = time.time()
    with Receiver() as receiver, BackgroundLoad(sample.url, rate=50):
        played = sample.open("deploy", bluegreen_release="1.2.0-bad", **said, **notify(receiver, "/s3cret"))
    assert played.outcomes["demo"]["end_state"] == "rolled_back", played.messages
    assert receiver.events == ["started", "rolled_back"]
    began, ended = receiver.received
    returned = max(call["time"] for call in sample.lab.calls(since) if call["operation"] == "ModifyListener")
    assert began.at < returned < ended.at
    assert ended.data["message"] == played.outcomes["demo"]["message"]
    assert ended.data["run"] == began.data["run"]
    assert (ended.data["from"]["release"], ended.data["to"]["release"]) == ("1.0.0", "1.2.0-bad")
    records = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "store").rglob("*.json"))
    assert '"deploy"' in records
    assert SECRET not in records
    assert "s3cret" not in records


@pytest.mark.thorough
def test_receivers_that_hang_fail_no_release(sample: Sample, good: dict[str, Any]) -> None:
    with Receiver(hangs=True) as receiver:
        played = sample.open("deploy", **good, **notify(receiver))
    assert played.outcomes["demo"]["end_state"] == "succeeded", played.messages
    assert receiver.events == ["started", "succeeded"]
    assert sum("was not sent to target 1" in line for line in warnings(played)) == 2
