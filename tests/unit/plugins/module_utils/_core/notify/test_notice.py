# SPDX-License-Identifier: GPL-3.0-or-later
"""What receivers get: data for programs, a line for people, and nothing that acts by itself."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import get_args

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.base.notifying import Event
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.notify.notice import (
    EVENTS,
    Notice,
    signature,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.notify.target import Recipient

TOPIC = "arn:aws:sns:eu-central-1:123456789012:releases"
NOTICE = Notice("rolled_back", "web", "The release of web was rolled back.", {"to": None}, "1f3a", 1764245043.7)


def test_the_option_and_the_variable_know_the_same_events() -> None:
    assert get_args(Event) == EVENTS


def test_programs_get_data() -> None:
    assert json.loads(NOTICE.body()) == {
        "version": 1,
        "id": "1f3a",
        "event": "rolled_back",
        "at": "2025-11-27T12:04:03+00:00",
        "service": "web",
        "message": "The release of web was rolled back.",
        "to": None,
    }


def test_a_chat_gets_text_in_which_nothing_is_a_command() -> None:
    notice = Notice("halted", "web", "Failed: <!channel> & <https://evil.example.com|logs>")
    assert json.loads(notice.chat()) == {
        "text": "[halted] Failed: &lt;!channel&gt; &amp; &lt;https://evil.example.com|logs&gt;"
    }
    assert len(Notice("halted", "web", "x" * 9000).text) == 3000


def test_a_topic_gets_both_within_the_limits_of_publish() -> None:
    message = Notice("succeeded", "wéb" * 99, "Released.").topic()
    forms = json.loads(message["Message"])
    assert (forms["email"], json.loads(forms["default"])["event"]) == ("[succeeded] Released.", "succeeded")
    assert re.fullmatch(r"[ -~]{1,99}", message["Subject"])
    assert message["MessageAttributes"]["event"] == {"DataType": "String", "StringValue": "succeeded"}


@pytest.mark.parametrize("service", ["shop/web", "My Shop", "größe", "x" * 129])
def test_a_fifo_topic_gets_a_group_that_sns_takes(service: str) -> None:
    group = Notice("started", service, "").group
    assert re.fullmatch("[!-~]{1,128}", group)
    assert group == Notice("halted", service, "").group
    assert (group == service) is (service == "shop/web")


def test_the_signature_is_that_of_the_time_and_the_body() -> None:
    expected = hmac.new(b"key", b"1764245043.{}", hashlib.sha256).hexdigest()
    assert signature("key", "{}", 1764245043.7) == f"t=1764245043,v1={expected}"


def test_a_topic_names_its_region() -> None:
    target = Recipient.parse({"sns": TOPIC})
    assert (target.region, target.events) == ("eu-central-1", EVENTS)


@pytest.mark.parametrize(
    "url", ["http://localhost:8080/", "http://127.0.0.1/x", "http://[::1]:1/", "https://example.com"]
)
def test_what_leaves_the_machine_is_encrypted(url: str) -> None:
    assert Recipient.parse({"chat": url}).address == url


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "one of sns, webhook, chat"),
        ({"sns": TOPIC, "chat": "https://example.com/s3cret"}, "one of sns"),
        ({"sns": "arn:aws:sqs:eu-central-1:123456789012:releases"}, "is not the ARN of an SNS topic"),
        ({"webhook": "https://example.com/s3cret"}, "needs a secret"),
        ({"chat": "https://example.com/", "secret": "s3cret"}, "Remove the secret"),
        ({"chat": "http://example.com/s3cret"}, "must begin with https://"),
        ({"chat": "http://localhost.example.com/s3cret"}, "must begin with https://"),
        ({"chat": "file:///s3cret"}, "must begin with https://"),
        ({"chat": "https://kim:s3cret@example.com/"}, "without a user name"),
        ({"chat": "https://[s3cret"}, "is not one"),
        ({"chat": "https://example.com:s3cret/"}, "is not one"),
    ],
)
def test_a_wrong_target_is_refused_without_a_word_of_its_secrets(given: dict[str, str], reason: str) -> None:
    with pytest.raises(BluegreenError) as refused:
        Recipient.parse(given)
    assert reason in str(refused.value)
    assert "s3cret" not in str(refused.value)
