# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics as late as on AWS. A minute of this lab, 3 s, is half there 2.25 s after its end, complete after 4.5 s."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load.background import BackgroundLoad
from switchyard_lab.scene import Scene, await_requests
from tests.in_process import in_process

RATE = 60
LAG = 6.0  # 90 lab seconds, and the time of the data plane's report
COUNTED = {"id": "requests", "namespace": "AWS/ApplicationELB", "metric_name": "RequestCount"}
DIMENSIONS = {"TargetGroup": "{target_group}", "LoadBalancer": "{load_balancer}"}
ENOUGH = {  # a minute of a color has 90 requests; half of one has 45
    "name": "enough requests",
    "compare": "none",
    "queries": [COUNTED | {"dimensions": DIMENSIONS}],
    "value": "requests",
    "threshold": {"below": 60},
}
FAULTLESS = {"name": "errors", "answered": [], "threshold": {"above": 0}}


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    with LabProcess(speed=20, metric_lag=90) as lab:
        yield lab


def bake(lab: LabProcess, behavior: dict[str, str], seconds: int, metrics: list[dict[str, Any]]) -> dict[str, Any]:
    """Of a candidate that behaves so and has half of the traffic."""
    scene = Scene(lab)
    blue, green = scene.target_group(), scene.target_group()
    listener = scene.listener({blue: 50, green: 50})
    for group, image in ((blue, scene.image(release="1")), (green, scene.image(release="2", **behavior))):
        scene.group(1, (group,), LaunchTemplate={"LaunchTemplateId": scene.template(image), "Version": "1"})
        scene.healthy(group, 1)
    options: dict[str, Any] = {"interval": 0.5, "metrics_interval": 1, "metrics_lag": LAG, "metrics": metrics}
    colors = {"candidate": {"target_group": green}, "stable": {"target_group": blue}}
    with BackgroundLoad(scene.url(listener), RATE):
        await_requests(lab, listener)
        result = in_process("bake", {"seconds": seconds, **options, **colors, **lab.options}, check=False)
    scene.clear()
    return dict(result)


@pytest.mark.thorough
def test_a_good_release_breaches_no_threshold_with_minutes_that_have_half_arrived(lab: LabProcess) -> None:
    result = bake(lab, {}, 12, [FAULTLESS, ENOUGH])
    assert (result["verdict"], 12 + LAG <= result["seconds"] < 12 + LAG + 60) == ("pass", True), result["msg"]
    assert all(each["breaches"] == 0 for each in result["metrics"])


@pytest.mark.thorough
def test_a_bad_release_is_returned_as_soon_as_a_minute_is_complete(lab: LabProcess) -> None:
    result = bake(lab, {"error_percent": "30"}, 15, [{"name": "errors"}])
    assert (result["verdict"], result["seconds"] < 15) == ("fail", True), result["msg"]
    assert result["msg"].startswith("Metric errors: ")
