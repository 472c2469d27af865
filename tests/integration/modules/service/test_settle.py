# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo


@pytest.fixture
def options(scene: Scene) -> dict[str, Any]:
    """Green is to be declared stable; blue is to be kept for an hour."""
    demo = Demo(scene)
    return {
        "service": demo.service,
        "target_groups": {color: scene.target_group(Tags=claim(demo.service, color)) for color in ("blue", "green")},
        "groups": {"blue": demo.group(0), "green": demo.group(0, "green")},
        "stable": "green",
        "retain_seconds": 3600,
    }


def claim(service: str, color: str) -> list[dict[str, str]]:
    return [{"Key": "bluegreen:service", "Value": service}, {"Key": "bluegreen:color", "Value": color}]


def stable_tags(scene: Scene, options: dict[str, Any]) -> set[str]:
    answer = scene.elbv2.describe_tags(ResourceArns=list(options["target_groups"].values()))
    return {
        tag["Value"] for each in answer["TagDescriptions"] for tag in each["Tags"] if tag["Key"] == "bluegreen:stable"
    }


def deadline(scene: Scene, group: str) -> str | None:
    tags = {tag["Key"]: tag["Value"] for tag in scene.describe(group)["Tags"]}
    return tags.get("bluegreen:retain-until")


def test_it_declares_retains_and_is_done(ask: Ask, scene: Scene, options: dict[str, Any], made: Made) -> None:
    made()
    reported = ask("settle", check=True, **options)
    assert (reported["changed"], made("write")) == (True, [])

    settled = ask("settle", **options)
    assert made("write") == ["CreateOrUpdateTags", "AddTags"], "retained before it stops being stable"
    assert stable_tags(scene, options) == {"green"}
    until = deadline(scene, options["groups"]["blue"])
    assert settled["retain_until"] == {"blue": until, "green": None}
    assert until is not None
    left = datetime.fromisoformat(until) - datetime.now(UTC)
    assert 3500 < left.total_seconds() <= 3600

    again = ask("settle", **options)
    assert (again["changed"], made("write")) == (False, [])
    assert deadline(scene, options["groups"]["blue"]) == until


def test_the_way_back_releases_the_old_environment_last(
    ask: Ask, scene: Scene, options: dict[str, Any], made: Made
) -> None:
    ask("settle", **options)
    made()
    back = {**options, "stable": "blue"}
    del back["retain_seconds"]
    assert ask("settle", **back)["retain_until"] == {"blue": None, "green": None}
    assert made("write") == ["AddTags", "DeleteTags"], "retained until it is stable"
    assert (stable_tags(scene, options), deadline(scene, options["groups"]["blue"])) == ({"blue"}, None)


def test_what_guards_the_live_group_goes_to_the_one_that_is_declared_stable(ask: Ask, scene: Scene, made: Made) -> None:
    """A candidate does not have it yet, or it could not be removed when it fails."""
    demo = Demo(scene)
    guards = {
        "DeletionProtection": "prevent-all-deletion",
        "InstanceLifecyclePolicy": {"RetentionTriggers": {"TerminateHookAbandon": "retain"}},
    }
    blue = demo.group(1, **guards)
    built = ask("autoscaling_clone", **demo.wanted(blue))
    green = built["group"]["name"]
    assert not [said for said in built["warnings"] if "not copied" in said]
    assert {key: scene.describe(green).get(key) for key in guards} == dict.fromkeys(guards)

    named = {"groups": {"blue": blue, "green": green}, "stable": "green", "service": demo.service}
    named["target_groups"] = {color: scene.target_group(Tags=claim(demo.service, color)) for color in ("blue", "green")}
    made()
    settled = ask("settle", **named)
    assert settled["diff"]["after"].items() >= guards.items()
    assert made("write") == ["UpdateAutoScalingGroup", "AddTags"], "guarded before it is stable"
    assert {key: scene.describe(green)[key] for key in guards} == guards
    assert not ask("settle", **named)["changed"]


def test_the_deadline_that_a_run_left_when_it_died_does_not_count(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    """It would make the old environment due as soon as it is not stable any more."""
    ask("settle", **{**options, "stable": "blue"})
    left = {"Key": "bluegreen:retain-until", "Value": "2020-01-01T00:00:00+00:00", "PropagateAtLaunch": False}
    left |= {"ResourceId": options["groups"]["blue"], "ResourceType": "auto-scaling-group"}
    scene.autoscaling.create_or_update_tags(Tags=[left])
    settled = ask("settle", **options)
    assert datetime.fromisoformat(settled["retain_until"]["blue"]) > datetime.now(UTC)
    assert deadline(scene, options["groups"]["blue"]) == settled["retain_until"]["blue"]


@pytest.mark.parametrize(
    ("groups", "said"), [({"blue": "web-blue"}, "groups names no Auto Scaling group"), ({"green": "gone"}, "gone")]
)
def test_without_its_group_a_color_is_not_declared(
    ask: Ask, options: dict[str, Any], made: Made, groups: dict[str, str], said: str
) -> None:
    made()
    result = ask("settle", **options | {"groups": groups})
    assert said in result["msg"]
    assert made("write") == []


def test_what_was_not_made_for_blue_and_green_is_claimed_first(ask: Ask, scene: Scene, made: Made) -> None:
    """Nothing is retained where there is no other environment."""
    group, blue, green = scene.group(0), scene.target_group(), scene.target_group()
    options = {"service": scene.name("service"), "stable": "blue", "groups": {"blue": group}, "retain_seconds": 60}
    options["target_groups"] = {"blue": blue, "green": green}
    made()
    reported = ask("settle", check=True, **options)
    assert (reported["changed"], set(reported["diff"]["before"]["unclaimed"]), made("write")) == (
        True,
        {blue, green, group},
        [],
    )
    assert ask("settle", **options)["retain_until"] == {"blue": None, "green": None}
    assert made("write") == ["AddTags", "AddTags", "CreateOrUpdateTags", "AddTags"]
    tags = {tag["Key"]: (tag["Value"], tag["PropagateAtLaunch"]) for tag in scene.describe(group)["Tags"]}
    assert tags == {"bluegreen:service": (options["service"], False), "bluegreen:color": ("blue", False)}
    assert not ask("settle", **options)["changed"]

    other = ask("settle", **options | {"service": "other"})
    assert "so it is not other's blue" in other["msg"]


def test_a_candidate_that_another_run_has_taken_over_is_not_declared_stable(
    ask: Ask, options: dict[str, Any], made: Made
) -> None:
    candidate = options["groups"]["green"]
    ask("environment_mark", group=candidate, mark="run", value="theirs")
    made()
    refused = ask("settle", **options, run="ours")
    assert f"{candidate} is the candidate of another run (theirs), not of this one (ours)" in refused["msg"]
    assert made("write") == []
    assert ask("settle", **options, run="theirs")["stable"] == "green"


def test_what_is_declared_stable_is_no_longer_rejected(ask: Ask, options: dict[str, Any]) -> None:
    candidate = options["groups"]["green"]
    ask("environment_mark", group=candidate, mark="rejected", value="An alarm rang.")
    ask("settle", **options)
    assert not ask("environment_mark", group=candidate, mark="rejected", state="absent")["changed"]
    assert not ask("settle", **options)["changed"]


def test_an_environment_that_has_lost_traffic_is_not_declared_stable(
    ask: Ask, scene: Scene, options: dict[str, Any], made: Made
) -> None:
    blue, green = options["target_groups"]["blue"], options["target_groups"]["green"]
    listener = scene.listener({blue: 10, green: 90})
    made()
    refused = ask("settle", **options, routes=[listener])
    assert "somebody else changed it" in refused["msg"]
    assert (made("write"), stable_tags(scene, options)) == ([], set())
    ask("listener_weights", routes=[listener], weights={blue: 0, green: 100})
    assert ask("settle", **options, routes=[listener])["stable"] == "green"


def test_what_is_declared_stable_is_left_to_its_own_scaling(
    ask: Ask, scene: Scene, options: dict[str, Any], made: Made
) -> None:
    """The pin goes last: a run that dies before leaves one that the next run finds."""
    group = options["groups"]["green"] = Demo(scene).group(
        2, "green", tags={"bluegreen:service": options["service"]}, MinSize=1
    )
    ask("autoscaling_capacity", group=group)
    made()
    reported = ask("settle", check=True, **options, release_pin=True)
    assert (made("write"), reported["capacity"]["minimum"]) == ([], 1)
    settled = ask("settle", **options, release_pin=True)
    assert made("write") == ["CreateOrUpdateTags", "AddTags", "UpdateAutoScalingGroup", "DeleteTags"]
    assert settled["capacity"] == reported["capacity"]
    assert settled["diff"]["before"]["capacity"]["pinned"] == {"minimum": 1, "maximum": settled["capacity"]["maximum"]}
    assert scene.describe(group)["MinSize"] == 1

    ask("autoscaling_capacity", group=group)  # as a run leaves it that died after it had declared it
    assert ask("settle", **options)["changed"] is False
    assert ask("settle", **options, release_pin=True)["changed"] is True
    assert ask("settle", **options, release_pin=True)["changed"] is False
