# SPDX-License-Identifier: GPL-3.0-or-later
"""What load balancers counted while a run worked."""

from __future__ import annotations

from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene, await_requests, eventually
from tests.integration.conftest import Ask

from ..conftest import Made


def test_the_requests_of_a_run_are_those_of_its_environments(
    ask: Ask, lab: LabProcess, scene: Scene, made: Made
) -> None:
    groups = {"blue": scene.target_group(), "green": scene.target_group()}
    listener = scene.listener({groups["blue"]: 50, groups["green"]: 50})
    for color, behavior in (("blue", {}), ("green", {"error_percent": "100"})):
        template = {"LaunchTemplateId": scene.template(scene.image(release="1", **behavior)), "Version": "1"}
        scene.group(1, (groups[color],), LaunchTemplate=template)
        scene.healthy(groups[color], 1)
    scene.elbv2.add_tags(ResourceArns=list(groups.values()), Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    definition = {"service": scene.name("service"), "routes": [listener], "target_groups": groups}
    service = {key: definition[key] for key in ("service", "target_groups")}
    lease = ask("lease", **service, run="a", doing="repair", by="kim")["lease"]
    with BackgroundLoad(scene.url(listener), rate=40):
        for arn in groups.values():
            await_requests(lab, listener, arn)
    ended = {"end_state": "halted", "definition": definition, "message": "It is over."}
    ask("outcome", service=definition["service"], ended=ended, lease=lease)

    def read() -> dict[str, Any]:
        series: dict[str, Any] = ask("history_info", **service, run="a", series=True)["series"]
        return series

    eventually(read, lambda found: total(found["points"]["green"], "errors") > 0)
    made()
    series = read()
    assert sorted(made()) == ["DescribeTags", "DescribeTargetGroups", "GetMetricData"]
    assert (series["period"], series["percentile"]) == (60, "p90")
    requests, errors = (
        {color: total(its, key) for color, its in series["points"].items()} for key in ("requests", "errors")
    )
    assert requests["blue"] > errors["blue"] == 0
    assert requests["green"] >= errors["green"] > 0
    assert all(each["latency_ms"] > 0 for each in series["points"]["blue"] if each["requests"])
    assert "series" not in ask("history_info", **service, run="a")


def total(points: list[dict[str, Any]], key: str) -> float:
    return sum(each[key] for each in points)
