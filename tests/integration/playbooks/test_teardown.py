# SPDX-License-Identifier: GPL-3.0-or-later
"""teardown.yml over a fleet: what is due goes, and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene, await_requests, eventually
from tests.sample import Sample

SPREAD_SECONDS = 3
SHIFT = [{"weight": 100, "bake_seconds": 0}]


@pytest.fixture(scope="module")
def fleet() -> Iterator[Sample]:
    """A service for each test, with a release that is settled and an old environment that is retained."""
    with LabProcess(speed=20, services=("demo", "search", "shop", "news")) as lab:
        sample = Sample(lab)
        assert sample.open("deploy", bluegreen_release="1.1.0", bluegreen_strategy=SHIFT).returncode == 0
        yield sample


def groups(sample: Sample) -> dict[str, int]:
    """How many instances each group has."""
    found = sample.lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return {group["AutoScalingGroupName"]: len(group["Instances"]) for group in found}


def make_due(sample: Sample, group: str) -> None:
    tag = {"ResourceId": group, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
    tag |= {"Key": "bluegreen:retain-until", "Value": "2020-01-01T00:00:00+00:00"}
    sample.lab.client("autoscaling").create_or_update_tags(Tags=[tag])


@pytest.mark.thorough
def test_only_what_is_due_is_removed(fleet: Sample) -> None:
    everything = groups(fleet)
    assert everything["demo-blue-v001"] == everything["demo-green-v002"] == 3
    assert (early := fleet.open("teardown")).returncode == 0
    assert (early.changed, groups(fleet)) == (0, everything)

    make_due(fleet, "demo-blue-v001")
    reported = fleet.open("teardown", "--check")
    assert [reported.stats[service]["changed"] > 0 for service in ("demo", "search", "shop")] == [True, False, False]
    assert groups(fleet) == everything

    assert (late := fleet.open("teardown")).returncode == 0, late.messages
    assert groups(fleet) == {name: count for name, count in everything.items() if name != "demo-blue-v001"}
    assert (again := fleet.open("teardown")).returncode == 0
    assert again.changed == 0


@pytest.mark.thorough
def test_an_environment_that_sessions_may_stick_to_stays(fleet: Sample) -> None:
    sticky = {"Enabled": True, "DurationSeconds": 3600}
    search = replace(fleet, service="search")
    elbv2, route = fleet.lab.client("elbv2"), search.definition["bluegreen_routes"][0]
    (action,) = elbv2.describe_listeners(ListenerArns=[route])["Listeners"][0]["DefaultActions"]
    # The cookie that its instances were last asked with is good for an hour.
    to_blue = [group | {"Weight": 100 - group["Weight"]} for group in action["ForwardConfig"]["TargetGroups"]]
    elbv2.modify_listener(ListenerArn=route, DefaultActions=[forward(to_blue, sticky)])
    assert eventually(search.answering, lambda releases: releases == {"1.0.0"})
    await_requests(fleet.lab, route, *(group["TargetGroupArn"] for group in to_blue if group["Weight"]))
    elbv2.modify_listener(ListenerArn=route, DefaultActions=[forward(action["ForwardConfig"]["TargetGroups"], sticky)])
    make_due(fleet, "search-blue-v001")

    before = groups(fleet)
    played = search.open("teardown", "--limit", "search")
    assert played.stats["search"]["failures"] == 1
    assert "search-blue still gets requests" in played.messages
    assert "within the last 3600 s" in played.messages
    assert groups(fleet) == before


def forward(target_groups: list[dict[str, Any]], sticky: dict[str, Any]) -> dict[str, Any]:
    config = {"TargetGroups": target_groups, "TargetGroupStickinessConfig": sticky}
    return {"Type": "forward", "ForwardConfig": config}


def test_instances_end_a_few_at_a_time(fleet: Sample) -> None:
    shop = replace(fleet, service="shop")
    make_due(shop, "shop-blue-v001")
    since = time.time()
    with BackgroundLoad(shop.url, rate=20) as load:
        played = shop.open("teardown", "--limit", "shop", bluegreen_teardown_spread_seconds=SPREAD_SECONDS)
    assert (played.returncode, load.result.failed) == (0, 0), played.messages
    assert "shop-blue-v001" not in groups(fleet)
    made = fleet.lab.calls(since, "write")
    resized = [call["time"] for call in made if call["operation"] == "UpdateAutoScalingGroup"]
    deleted = [call["time"] for call in made if call["operation"] == "DeleteAutoScalingGroup"]
    assert (len(resized), len(deleted)) == (3, 1), "once per instance, and then the group"
    assert deleted[0] - resized[0] >= SPREAD_SECONDS


@pytest.mark.thorough
def test_a_rollback_stops_a_removal_that_takes_an_hour(fleet: Sample) -> None:
    news, blue = replace(fleet, service="news"), "news-blue-v001"
    scene, played = Scene(fleet.lab), []
    make_due(news, blue)
    options = {"bluegreen_teardown_spread_seconds": 3600}
    removal = threading.Thread(target=lambda: played.append(news.open("teardown", "--limit", "news", **options)))
    removal.start()
    eventually(lambda: scene.describe(blue)["MaxSize"], (2).__eq__)
    with BackgroundLoad(news.url, rate=20) as load:
        back = news.open("rollback", "--limit", "news")
    assert (back.returncode, load.result.failed) == (0, 0), back.messages
    assert news.answering() == {"1.0.0"}
    removal.join()
    assert "is not removed" in played[0].messages
    now = scene.describe(blue)
    assert (now["MinSize"], now["DesiredCapacity"], now["MaxSize"]) == (2, 3, 6), "no longer pinned, else as before"
    assert "bluegreen:leaving" not in {tag["Key"] for tag in now["Tags"]}
