# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on the way to a target is one line, without a secret."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.notify.notice import Notice
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.notify.target import Recipient
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.notify.send import send

TOPIC = Recipient("sns", "arn:aws:sns:eu-west-1:123456789012:releases")


def without_a_client(*_args: Any) -> Any:
    raise RuntimeError("s3cr3t")


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_nobody_has_foreseen_is_reported_by_its_kind() -> None:
    (problem,) = send(Run(without_a_client), [TOPIC], Notice("halted", "web", "A person is needed."))
    assert problem.endswith("target 1 of bluegreen_notify (sns). There was an unexpected RuntimeError.")
