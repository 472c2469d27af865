# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS sends by itself, to topics of SNS and queues of SQS that are there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends


def send(arn: str, subject: str, message: Mapping[str, Any]) -> None:
    """Also to neither: then nothing is sent."""
    _arn, _partition, service, region, account, name, *_rest = [*arn.split(":"), *[""] * 6]
    text = json.dumps(message)
    if service == "sns" and arn in (topics := sns_backends[account][region]).topics:
        topics.publish(text, arn=arn, subject=subject)
    if service == "sqs" and name in (queues := sqs_backends[account][region]).queues:
        queues.send_message(name, text)
