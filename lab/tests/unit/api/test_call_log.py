# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of calls."""

from __future__ import annotations

import time

from switchyard_lab.api.call_log import KEPT_CALLS, Call, CallLog


def test_the_log_answers_since_when() -> None:
    log = CallLog()
    began = time.time()
    for second in range(KEPT_CALLS + 5):
        log.add(Call(began + second, "elbv2", "DescribeListeners", "read", 200, ""))
    assert len(log.since(0)) == KEPT_CALLS
    assert len(log.since(began + KEPT_CALLS)) == 5
