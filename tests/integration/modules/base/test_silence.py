# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that hang, and answers that AWS gives at the second attempt only."""

from __future__ import annotations

import time

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..alarms import alarm_in
from ..pair import Pair


@pytest.mark.parametrize("operation", ["DescribeListeners", "ModifyListener"])
def test_a_connection_that_hangs_does_not_keep_the_traffic_for_long(ask: Ask, pair: Pair, operation: str) -> None:
    listener = pair.listener()
    pair.healthy()
    pair.declare_stable()
    pair.scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[pair.forward(50, 50)])
    pair.scene.lab.fault(operation=operation, times=1, silent=True)
    began = time.monotonic()
    returned = ask("traffic_return", routes=[listener], **pair.definition)
    assert returned["changed"], returned
    assert time.monotonic() - began < 30, "botocore by itself waits for a minute"


def test_one_look_that_cannot_be_read_ends_no_bake(ask: Ask, scene: Scene) -> None:
    alarm = alarm_in(scene.lab, "OK")
    scene.lab.fault(operation="DescribeAlarms", times=1, error="AccessDenied")
    assert ask("bake", seconds=2, interval=0.3, alarms=[alarm])["verdict"] == "pass"
    scene.lab.fault(operation="DescribeAlarms", times=1, error="AccessDenied")
    assert ask("bake", seconds=0, alarms=[alarm])["verdict"] == "pass", "it looked once more"
    scene.lab.fault(operation="DescribeAlarms", times=2, error="AccessDenied")
    failed = ask("bake", seconds=60, interval=0.3, alarms=[alarm])
    assert (failed["verdict"], "AccessDenied" in failed["msg"]) == ("fail", True)
