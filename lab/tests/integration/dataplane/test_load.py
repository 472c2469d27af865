# SPDX-License-Identifier: GPL-3.0-or-later
"""The load sees what clients would see."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from switchyard_lab.load import BackgroundLoad, LoadResult

from .plane import LB_PORT, Plane

RATE = 60


def url(plane: Plane) -> str:
    return f"http://{plane.host}:{LB_PORT}/"


def test_a_shift_under_load_fails_no_request(shop: Plane) -> None:
    with BackgroundLoad(url(shop), RATE) as load:
        for weight in (10, 50, 100):
            before = shop.metric("RequestCount")
            shop.forward({"blue": 100 - weight, "green": weight})
            shop.apply()
            shop.wait_for_metric("RequestCount", before + RATE)
        shop.targets("blue")
        shop.apply()
        shop.wait_until_drained("blue", "b1")
        shop.wait_until_drained("blue", "b2")
        shop.wait_for_metric("RequestCount", shop.metric("RequestCount") + 2 * RATE)
    assert load.result.failed == 0
    assert load.result.requests == pytest.approx(RATE * load.result.seconds, rel=0.02)
    last_whole_second = load.result.timeline[-2]
    assert set(last_whole_second.releases) == {"g1", "g2"}
    assert set(load.result.timeline[0].releases) >= {"b1", "b2"}


def test_failures_are_kept_one_by_one(shop: Plane) -> None:
    shop.groups["blue"]["health"]["unhealthy"] = 20  # b1 answers its checks, be it late on a busy machine
    shop.apply()
    shop.behave("b1", error_percent=100)
    with BackgroundLoad(url(shop), RATE) as load:
        shop.wait_for_metric("RequestCount", RATE)
        shop.rules = []
        shop.apply()
        shop.pass_lab_seconds(5)
    result, ended = load.result, time.time()
    assert result.failed == len(result.failures) > RATE // 2
    assert {failure.release for failure in result.failures if failure.status == 500} == {"b1"}
    assert result.total.errors.keys() == {failure.error for failure in result.failures if failure.error} != set()
    assert all(result.started <= failure.at <= ended for failure in result.failures)


def test_the_command_shows_seconds_and_writes_the_result(shop: Plane, tmp_path: Path) -> None:
    file = tmp_path / "load.json"
    command = [
        sys.executable,
        "-m",
        "switchyard_lab",
        "load",
        url(shop),
        "--rate",
        "50",
        "--seconds",
        "2",
        "--json",
        file,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert "100 requests" in done.stdout
    assert "0 failed" in done.stdout
    result = LoadResult.from_json(file.read_text())
    assert result.requests == 100
    assert [second.requests for second in result.timeline] == [50, 50]
    assert json.loads(file.read_text())["total"]["releases"].keys() == {"b1", "b2"}
