# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.hook_wait import waiting_message

LAUNCH = "autoscaling:EC2_INSTANCE_LAUNCHING"


def hook(name: str, transition: str = LAUNCH, **more: Any) -> dict[str, Any]:
    return {
        "LifecycleHookName": name,
        "LifecycleTransition": transition,
        "HeartbeatTimeout": 600,
        "DefaultResult": "ABANDON",
        **more,
    }


def test_the_hook_and_what_completes_it_are_named() -> None:
    hooks = [hook("install", NotificationTargetARN="arn:sqs"), hook("drain", "autoscaling:EC2_INSTANCE_TERMINATING")]
    assert waiting_message("web-green-v002", ["i-1", "i-2", "i-3", "i-4", "i-5"], hooks) == (
        "In Pending:Wait (i-1, i-2, i-3 and 2 more), an instance waits until lifecycle hook install (notifies arn:sqs; "
        "ABANDON after 600 seconds) is completed. Make sure that what completes it also does so for web-green-v002: "
        "CompleteLifecycleAction with the result CONTINUE."
    )


def test_a_hook_that_is_gone_meanwhile_is_not_named() -> None:
    assert waiting_message("web-green-v002", ["i-1"], [hook("drain", "autoscaling:EC2_INSTANCE_TERMINATING")]) == ""
