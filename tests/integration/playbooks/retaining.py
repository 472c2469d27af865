# SPDX-License-Identifier: GPL-3.0-or-later
"""A previous environment that a release retains for a short time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

RETAINED = 15  # seconds: longer than a deploy takes from settling to its own teardown


def await_due(status: dict[str, Any]) -> None:
    """Until the deadline of what is retained."""
    (retained,) = [each for each in status["environments"].values() if each["retain_until"]]
    deadline = datetime.fromisoformat(retained["retain_until"])
    time.sleep(max(0.0, (deadline - datetime.now(UTC)).total_seconds()))
