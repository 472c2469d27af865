# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask
from tests.sample import SERVICE, Sample

from ..conftest import Made


@pytest.fixture
def definition(lab: LabProcess) -> dict[str, Any]:
    """The seed's service, which no test of a module changes."""
    given = Sample(lab).definition
    return {"service": SERVICE, "routes": given["bluegreen_routes"], "target_groups": given["bluegreen_target_groups"]}


def test_one_call_gives_the_whole_state(ask: Ask, definition: dict[str, Any], made: Made) -> None:
    made()
    result = ask("service_info", **definition)
    calls = made()
    assert len(calls) == 6
    assert not result["changed"]
    service = result["service"]
    blue, green = (service["environments"][color] for color in ("blue", "green"))
    assert (service["stable"], service["candidate"], service["phase"]) == ("blue", "green", "settled")
    assert service["weights"] == {blue["target_group_arn"]: 100, green["target_group_arn"]: 0}
    assert (blue["group"], blue["release"], blue["healthy"], blue["desired"]) == ("demo-blue-v001", "1.0.0", 3, 3)
    assert sorted(blue["instances"]) == sorted(target["id"] for target in blue["targets"])
    assert {target["state"] for target in blue["targets"]} == {"healthy"}
    assert (green["group"], green["targets"], green["weight"]) == (None, [], 0)


def test_routing_alone_takes_two_calls(ask: Ask, definition: dict[str, Any], made: Made) -> None:
    made()
    service = ask("service_info", **definition, gather=["routes"])["service"]
    assert sorted(made()) == ["DescribeListeners", "DescribeTags"]
    assert (service["stable"], service["phase"]) == ("blue", "settled")


def test_two_groups_of_one_color_are_an_error_that_names_both(ask: Ask, scene: Scene) -> None:
    name, blue, green = scene.name("service"), scene.target_group(), scene.target_group()
    listener = scene.listener({blue: 100, green: 0})
    tags = [
        {"Key": f"bluegreen:{key}", "Value": value, "PropagateAtLaunch": True}
        for key, value in {"service": name, "color": "blue"}.items()
    ]
    both = [scene.group(0, Tags=tags), scene.group(0, Tags=tags)]
    result = ask("service_info", service=name, routes=[listener], target_groups={"blue": blue, "green": green})
    assert result["failed"]
    assert all(group in result["msg"] for group in both)


def test_a_pinned_group_is_told_with_the_bounds_it_had(ask: Ask, scene: Scene) -> None:
    name, blue, green = scene.name("service"), scene.target_group(), scene.target_group()
    listener = scene.listener({blue: 100, green: 0})
    tags = [
        {"Key": f"bluegreen:{key}", "Value": value, "PropagateAtLaunch": True}
        for key, value in {"service": name, "color": "blue"}.items()
    ]
    group = scene.group(2, Tags=tags, MinSize=1, MaxSize=4)
    ask("autoscaling_capacity", group=group)
    options = {"service": name, "routes": [listener], "target_groups": {"blue": blue, "green": green}}
    environment = ask("service_info", **options)["service"]["environments"]["blue"]
    assert (environment["minimum"], environment["maximum"]) == (2, 4)
    assert environment["pinned"] == {"minimum": 1, "maximum": 4}
    ask("autoscaling_capacity", group=group, state="released")
    assert ask("service_info", **options)["service"]["environments"]["blue"]["pinned"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"routes": ["web"]}, "web is not a route. A route is the ARN of a listener,"),
        ({"target_groups": {"blue": "demo-blue", "green": "nowhere"}}, "nowhere"),
        ({"target_groups": {"blue": "demo-blue"}}, "one target group for blue and another for green"),
        ({"service": "shop"}, "belongs to service demo, not shop"),
    ],
)
def test_a_definition_that_does_not_fit_is_refused(
    ask: Ask, definition: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    result = ask("service_info", **definition | change)
    assert result["failed"]
    assert said in result["msg"]
