# SPDX-License-Identifier: GPL-3.0-or-later
"""rollback.yml and status.yml where tags stand in the way: an environment is leaving, or the tags were lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.service import settle

from switchyard_lab.client import LabProcess
from tests.sample import Sample
from tests.standing import stand

from .reading import end

LEAVING = "2026-11-28T05:00:00+00:00 hook before_teardown has begun"


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    """Green is stable and has all traffic; blue, the previous environment, is retained."""
    with LabProcess(speed=20, seed=False) as lab:
        yield stand(lab, "listener", 100).sample


def place(sample: Sample) -> dict[str, Any]:
    return {each: sample.definition[f"bluegreen_{each}"] for each in ("routes", "target_groups")}


def test_a_rollback_to_what_is_leaving_is_refused_unless_it_is_forced(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    previous = sample.status()["environments"]["blue"]["group"]
    tag = {"ResourceId": previous, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
    tags = [{**tag, "Key": "bluegreen:leaving", "Value": LEAVING}]
    sample.lab.client("autoscaling").create_or_update_tags(Tags=tags)
    since = time.time()
    refused = sample.open("rollback")
    assert end(refused) == ("refused", 1), refused.messages
    assert "Deploy its image again instead" in refused.results[-1]["msg"]
    assert sample.lab.calls(since, kind="write") == []

    forced = {"reason": "nothing was contracted", "allow": ["leaving"]}
    checked = sample.open("rollback", "--check", bluegreen_override=forced)
    assert end(checked) == ("checked", 0), checked.messages
    monkeypatch.setattr(settle, "BACK_OUT_SECONDS", 0)  # nobody removes it
    assert sample.ask("traffic_return", service="demo", **place(sample), previous=True, override=forced)["changed"]
    status = sample.status()
    assert (status["stable"], status["environments"]["blue"]["weight"]) == ("blue", 100)
    assert status["environments"]["blue"]["leaving"] is None


def test_a_person_says_what_is_stable_where_the_tags_were_lost(sample: Sample) -> None:
    groups = {color: its["target_group_arn"] for color, its in sample.status()["environments"].items()}
    sample.lab.client("elbv2").remove_tags(ResourceArns=list(groups.values()), TagKeys=["bluegreen:stable"])
    weights = {groups["blue"]: 90, groups["green"]: 10}
    sample.ask("route_weights", **place(sample), weights=weights)
    shown = sample.open("status", bluegreen_stable="blue")
    assert end(shown) == ("unchanged", 0), shown.messages
    assert shown.outcomes["demo"]["status"]["stable"] == "blue"
    returned = sample.open("rollback", bluegreen_stable="blue")
    assert end(returned) == ("rolled_back", 0), returned.messages
    assert sample.answering() == {"1.0.0"}
