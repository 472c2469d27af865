# SPDX-License-Identifier: GPL-3.0-or-later
"""rollback.yml from where a release left the service."""

from __future__ import annotations

import time
from typing import Any

from tests.lab.load import BackgroundLoad
from tests.sample import Sample


def test_a_settled_release_is_taken_back_to_the_retained_one(sample: Sample, good: dict[str, Any]) -> None:
    assert sample.open("deploy", **good).returncode == 0
    with BackgroundLoad(sample.url, rate=50) as load:
        played = sample.open("rollback")
    assert played.returncode == 0, played.messages
    assert load.result.failed == 0
    status = sample.status()
    assert (status["stable"], status["environments"]["blue"]["weight"]) == ("blue", 100)

    again = sample.open("rollback")
    assert (again.returncode, again.changed) == (0, 0), "a second rollback must not swing back"


def test_without_a_previous_environment_it_is_refused_with_a_reason(sample: Sample) -> None:
    since = time.time()
    played = sample.open("rollback")
    assert played.returncode != 0
    assert "no previous environment is retained" in played.messages
    assert sample.lab.calls(since, kind="write") == []


def test_during_a_shift_at_most_three_calls_come_before_the_traffic_moves(sample: Sample, good: dict[str, Any]) -> None:
    """Somebody shifts by hand; rollback.yml knows nothing yet and reaches ModifyListener at once."""
    assert sample.open("provision", **good).returncode == 0
    elbv2, (route,) = sample.lab.client("elbv2"), sample.definition["bluegreen_routes"]
    (listener,) = elbv2.describe_listeners(ListenerArns=[route])["Listeners"]
    groups = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    shared = {"TargetGroups": [{"TargetGroupArn": group["TargetGroupArn"], "Weight": 50} for group in groups]}
    elbv2.modify_listener(ListenerArn=route, DefaultActions=[{"Type": "forward", "ForwardConfig": shared}])
    since = time.time()
    assert sample.open("rollback").returncode == 0
    operations = [call["operation"] for call in sample.lab.calls(since)]
    assert operations.index("ModifyListener") <= 3, operations
