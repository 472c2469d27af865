# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever wants to know is notified, and nothing waits or fails for it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import boto3
import pytest

from switchyard_lab.client import LabProcess
from tests.integration.conftest import Ask
from tests.integration.policies import limited
from tests.receiver import Receiver

from ..demo import Demo

SECRET = "a-key-of-the-receiver"
REFUSED = {"refused": "It is frozen.", "by": "kim", "asked": {"run": "r-1", "doing": "deploy"}}


def webhook(receiver: Receiver, **more: Any) -> dict[str, Any]:
    return {"webhook": f"{receiver.url}/hook", "secret": SECRET, **more}


def test_a_webhook_gets_a_signed_body(ask: Ask, demo: Demo) -> None:
    with Receiver() as receiver:
        result = ask("outcome", service=demo.service, **REFUSED, notify=[webhook(receiver)])
    assert not result.get("warnings"), result["warnings"]
    (got,) = receiver.received
    moment, _comma, digest = got.headers["x-bluegreen-signature"].removeprefix("t=").partition(",v1=")
    assert digest == hmac.new(SECRET.encode(), f"{moment}.{got.body}".encode(), hashlib.sha256).hexdigest()
    assert abs(time.time() - int(moment)) < 60
    assert got.headers["x-bluegreen-delivery"] == got.data["id"]
    reported = {key: got.data[key] for key in ("version", "event", "service", "message", "run", "doing", "by")}
    assert reported == {
        "version": 1,
        "event": "refused",
        "service": demo.service,
        "message": "It is frozen.",
        "run": "r-1",
        "doing": "deploy",
        "by": "kim",
    }


def test_what_is_not_asked_for_is_not_sent(ask: Ask, demo: Demo) -> None:
    with Receiver() as receiver:
        targets = [webhook(receiver, events=["halted"]), {"chat": f"{receiver.url}/chat", "events": ["refused"]}]
        ask("outcome", service=demo.service, **REFUSED, notify=targets)
        assert [(each.path, each.data) for each in receiver.received] == [
            ("/chat", {"text": "[refused] It is frozen."})
        ]
        ask("outcome", service=demo.service, ended={"end_state": "unchanged", "after": None}, notify=targets)
        ask("outcome", service=demo.service, **REFUSED, notify=targets, check=True)
    assert len(receiver.received) == 1, "nothing has happened in check mode, nor where nothing was to do"


def test_a_freeze_an_approval_and_a_lease_are_announced(ask: Ask, demo: Demo) -> None:
    where = {"service": demo.service, "target_groups": demo.definition["target_groups"]}
    candidate = demo.candidate(demo.scene.image(), {"bluegreen:release": "1.1.0"})
    with Receiver() as receiver:
        notify = {"notify": [webhook(receiver)]}
        ask("lease", **where, **notify, run="r-1", doing="deploy", by="kim")
        ask("lease", **where, **notify, run="r-1", state="released")
        ask("approval", group=candidate, state="asked", weight=10, seconds=600, **notify)
        ask("approval", group=candidate, weight=10, by="anna", **notify)
        ask("approval", group=candidate, weight=10, by="anna", **notify)
        ask("approval", group=candidate, state="absent", **notify)
        ask("freeze", **where, **notify, reason="Stock-taking")
        ask("freeze", **where, **notify, reason="Stock-taking")
        ask("freeze", **where, **notify, state="absent")
    assert receiver.events == ["started", "waiting", "approved", "frozen", "unfrozen"]
    assert {each.data["service"] for each in receiver.received} == {demo.service}
    assert receiver.received[0].data["region"] == "eu-west-1"
    messages = [each.data["message"] for each in receiver.received]
    assert messages[0] == f"kim has begun to work on {demo.service} (deploy)."
    assert messages[1].startswith(f"1.1.0 of {demo.service} has 10 % of the traffic and waits for approval until ")
    assert messages[1].endswith("Run approve.yml with bluegreen_approve_weight=10.")
    assert messages[2] == f"anna has approved 1.1.0 of {demo.service} at 10 %."
    assert messages[3:] == [
        f"{demo.service} is frozen: Stock-taking.",
        f"The freeze of {demo.service} is lifted.",
    ]


@pytest.mark.parametrize("name", ["releases", "releases.fifo"])
def test_a_topic_is_published_to_in_its_own_region(
    ask: Ask, lab: LabProcess, demo: Demo, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sns, sqs = (
        boto3.client(
            service,
            endpoint_url=lab.endpoint,
            region_name="us-east-1",
            aws_access_key_id="lab",
            aws_secret_access_key="lab",
        )
        for service in ("sns", "sqs")
    )
    ordered = {"Attributes": {"FifoTopic": "true"}} if name.endswith(".fifo") else {}
    topic = sns.create_topic(Name=name, **ordered)["TopicArn"]
    queue = sqs.create_queue(QueueName=name, **({"Attributes": {"FifoQueue": "true"}} if ordered else {}))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    for key, value in limited(lab, "with-notify").items():
        monkeypatch.setenv(key, value)
    result = ask("outcome", service=demo.service, **REFUSED, notify=[{"sns": topic}])
    assert not result.get("warnings"), result["warnings"]
    (message,) = sqs.receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert json.loads(message["Body"])["event"] == "refused"
    assert message["MessageAttributes"]["service"]["StringValue"] == demo.service


def warnings(ask: Ask, capsys: pytest.CaptureFixture[str], *targets: dict[str, Any]) -> str:
    """What a person is warned of; the task has succeeded."""
    result = ask("outcome", service="web", **REFUSED, notify=list(targets))
    assert not result.get("failed"), result
    assert result["end_state"] == "refused"
    return " ".join([*map(str, result.get("warnings", [])), capsys.readouterr().err])


def test_what_does_not_arrive_is_a_warning_that_keeps_secrets(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    with Receiver(404) as gone, Receiver(302) as moved:
        warned = warnings(
            ask,
            capsys,
            webhook(gone),
            {"chat": f"{moved.url}/s3cret"},
            {"chat": "http://127.0.0.1:9/s3cret"},
            {"sns": "arn:aws:sns:eu-west-1:123456789012:nowhere"},
        )
    assert len(moved.received) == 1, "a redirect is not followed"
    assert "target 1 of bluegreen_notify (webhook). It answered with HTTP status 404." in warned
    assert "target 2 of bluegreen_notify (chat). It answered with HTTP status 302." in warned
    assert "target 3 of bluegreen_notify (chat). Connection refused." in warned
    assert "target 4 of bluegreen_notify (sns). AWS refused publishing to arn:aws:sns:eu-west-1:" in warned
    assert SECRET not in warned
    assert "s3cret" not in warned


def test_a_receiver_that_hangs_holds_nobody_up(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    with Receiver(hangs=True) as receiver:
        began = time.monotonic()
        warned = warnings(ask, capsys, *[webhook(receiver) for _each in range(3)])
        assert time.monotonic() - began < 6
    assert warned.count("No answer came within 4 seconds") + warned.count("timed out") == 3


def test_what_fails_is_not_announced(ask: Ask, demo: Demo) -> None:
    """Another run has the lease."""
    where = {"service": demo.service, "target_groups": demo.definition["target_groups"], "doing": "deploy"}
    ask("lease", **where, run="r-1", by="anna")
    with Receiver() as receiver:
        assert ask("lease", **where, run="r-2", by="kim", notify=[webhook(receiver)])["failed"]
    assert receiver.received == []
