# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simple Notification Service: one function, one API call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.errors import doing

Client = Any


def publish(client: Client, topic: str, message: Mapping[str, Any], *, group: str, deduplication: str) -> None:
    """``group`` and ``deduplication`` are for FIFO topics, which demand them and deliver in order."""
    ordered = {"MessageGroupId": group, "MessageDeduplicationId": deduplication} if topic.endswith(".fifo") else {}
    with doing(f"publishing to {topic}"):
        client.publish(TopicArn=topic, **message, **ordered)
