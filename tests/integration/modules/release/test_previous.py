# SPDX-License-Identifier: GPL-3.0-or-later
"""traffic_return after the shift: back to the environment that is retained; and what is left to do then."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, forward
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo

LATER = "2099-01-01T00:00:00+00:00"


@pytest.fixture
def settled(scene: Scene) -> dict[str, Any]:
    """Green is stable and has all traffic; blue, which was it before, has no group yet."""
    demo, blue, green = Demo(scene), scene.target_group(), scene.target_group()
    listener = scene.listener({blue: 0, green: 100})
    owned = [{"Key": "bluegreen:stable", "Value": "green"}, {"Key": "bluegreen:service", "Value": demo.service}]
    scene.elbv2.add_tags(ResourceArns=[blue, green], Tags=owned)
    for arn, color in ((blue, "blue"), (green, "green")):
        scene.elbv2.add_tags(ResourceArns=[arn], Tags=[{"Key": "bluegreen:color", "Value": color}])
    bring_up(scene, demo, "green", green)
    return {"service": demo.service, "routes": [listener], "target_groups": {"blue": blue, "green": green}}


def bring_up(scene: Scene, demo: Demo, color: str, arn: str, **tags: str) -> str:
    group = demo.group(1, color, tags=tags, TargetGroupARNs=[arn])
    scene.in_service(group, 1)
    scene.healthy(arn, 1)
    return group


def bring_blue_up(scene: Scene, settled: dict[str, Any], **tags: str) -> str:
    demo = Demo(scene)
    demo.service = settled["service"]
    return bring_up(scene, demo, "blue", settled["target_groups"]["blue"], **tags)


def test_the_environment_that_is_retained_gets_the_traffic_and_no_second_call_swings_back(
    ask: Ask, scene: Scene, settled: dict[str, Any], made: Made
) -> None:
    bring_blue_up(scene, settled, **{"bluegreen:retain-until": LATER})
    made()
    shown = ask("traffic_return", check=True, previous=True, **settled)
    assert (shown["changed"], shown["moves"], made("write")) == (True, [], []), shown
    assert not ask("traffic_return", **settled)["changed"], "only where it is asked for"

    returned = ask("traffic_return", previous=True, **settled)
    assert (returned["changed"], [move["weight"] for move in returned["moves"]]) == (True, [100]), returned
    writes = made("write")
    assert writes.index("AddTags") < writes.index("ModifyListener"), "a run that dies in between leaves a shift"
    status = ask("service_info", **settled)["service"]
    assert (status["stable"], status["environments"]["blue"]["weight"]) == ("blue", 100)
    assert not ask("traffic_return", previous=True, **settled)["changed"]


@pytest.mark.parametrize("written", ["2026-12-24", "24.12.2026", ""])
def test_a_deadline_that_nobody_can_read_prevents_no_return(
    ask: Ask, scene: Scene, settled: dict[str, Any], written: str
) -> None:
    """As a person writes it, to keep the old environment longer."""
    group = bring_blue_up(scene, settled, **{"bluegreen:retain-until": written})
    shown = ask("service_info", **settled)
    assert (
        f"Tag bluegreen:retain-until of {group} is not a moment with its offset from UTC: {written}."
        in (shown["warnings"][0])
    )
    blue = shown["service"]["environments"]["blue"]
    assert (shown["service"]["phase"], blue["due"]) == ("settled", False)
    returned = ask("traffic_return", previous=True, **settled)
    assert [move["weight"] for move in returned["moves"]] == [100], returned


def test_a_workflow_takes_back_the_release_of_its_own_jobs_and_no_other(
    ask: Ask, scene: Scene, settled: dict[str, Any], made: Made
) -> None:
    bring_blue_up(scene, settled, **{"bluegreen:retain-until": LATER})
    image = ask("service_info", **settled)["service"]["environments"]["green"]["image_id"]
    made()
    refused = ask("traffic_return", previous=True, only_image="ami-0123456789abcdef0", **settled)
    assert "There is nothing of ami-0123456789abcdef0 left to take back: green of" in refused["msg"]
    assert (refused["refused"], made("write")) == (True, [])
    assert ask("traffic_return", previous=True, only_image=image, **settled)["changed"]


def test_nor_does_it_return_what_somebody_else_is_shifting(
    ask: Ask, scene: Scene, settled: dict[str, Any], made: Made
) -> None:
    bring_blue_up(scene, settled)
    green, blue = settled["target_groups"]["green"], settled["target_groups"]["blue"]
    scene.elbv2.modify_listener(ListenerArn=settled["routes"][0], DefaultActions=[forward({blue: 10, green: 90})])
    made()
    refused = ask("traffic_return", previous=True, only_image="ami-0123456789abcdef0", **settled)
    assert "blue of" in refused["msg"]
    assert made("write") == []


def test_groups_that_cannot_be_read_are_not_taken_for_none(ask: Ask, scene: Scene, settled: dict[str, Any]) -> None:
    scene.lab.fault(operation="DescribeAutoScalingGroups", times=1, error="AccessDenied")
    failed = ask("traffic_return", previous=True, only_image="ami-0123456789abcdef0", **settled)
    assert "It is not known which release green of" in failed["msg"]
    assert "AccessDenied" in failed["msg"]
    assert "refused" not in failed, "users may have a split, so a person has to act"


def test_after_a_job_that_was_refused_only_what_nobody_is_at_work_on_is_returned(
    ask: Ask, scene: Scene, settled: dict[str, Any], made: Made
) -> None:
    """The job before may have been refused because another one releases the same image, or because of an alarm, with
    the split of a job that was canceled."""
    bring_blue_up(scene, settled)
    green, blue = settled["target_groups"]["green"], settled["target_groups"]["blue"]
    scene.elbv2.modify_listener(ListenerArn=settled["routes"][0], DefaultActions=[forward({blue: 10, green: 90})])
    image = ask("service_info", **settled)["service"]["environments"]["blue"]["image_id"]
    asked = {"previous": True, "only_image": image, "spare_others": True, **settled}
    placed = {key: settled[key] for key in ("service", "target_groups")}
    ask("lease", **placed, run="other", doing="swap", by="AWX job 12")
    made()
    refused = ask("traffic_return", **asked)
    assert "is released by AWX job 12 (run other)" in refused["msg"]
    assert made("write") == []
    ask("lease", **placed, run="other", doing="swap", by="AWX job 12", state="released")
    returned = ask("traffic_return", **asked)
    assert returned["changed"], returned


def test_a_single_environment_may_have_been_rolled_in_place(ask: Ask, settled: dict[str, Any], made: Made) -> None:
    made()
    reported = ask("traffic_return", previous=True, **settled)
    assert (reported["changed"], made("write")) == (False, [])
    assert reported["in_place"] == ask("service_info", **settled)["service"]["environments"]["green"]["group"]


def test_a_roll_has_a_way_back_in_place_from_its_first_new_instance_until_it_is_taken_back(
    ask: Ask, scene: Scene, settled: dict[str, Any]
) -> None:
    def look() -> dict[str, Any]:
        return dict(ask("service_info", **settled)["service"]["way_back"])

    live = ask("service_info", **settled)["service"]["environments"]["green"]
    rolling = {"group": live["group"], "service": settled["service"], "instance_warmup": 0}
    assert not look()["possible"]
    new = scene.image(release="2")
    ask("instance_refresh", **rolling, image_id=new, bake_time=600, until_percentage=100)
    expected = {"possible": True, "in_place": True, "color": "green", "image_id": live["image_id"], "seconds": None}
    assert look() | expected == look(), "AWS holds it"
    assert ask("instance_refresh", **rolling, state="rolled_back")["method"] == "rollback"
    assert not look()["possible"]
    ask("instance_refresh", **rolling, image_id=new)
    assert look() | expected == look(), "it is finished"
    assert ask("instance_refresh", **rolling, state="rolled_back")["method"] == "refresh"
    assert not look()["possible"]


def test_a_rejected_candidate_is_marked_and_its_service_scales_by_itself_again(
    ask: Ask, scene: Scene, settled: dict[str, Any], made: Made
) -> None:
    candidate = bring_blue_up(scene, settled)
    stable = ask("service_info", **settled)["service"]["environments"]["green"]["group"]
    ask("autoscaling_capacity", group=stable)
    ask("approval", group=candidate, state="asked", weight=10, seconds=600)
    made()
    options = {**settled, "reason": "An alarm rang."}
    reported = ask("candidate_reject", check=True, **options)
    assert (reported["changed"], reported["rejected"], reported["released"], made("write")) == (
        True,
        candidate,
        [stable],
        [],
    )

    assert ask("candidate_reject", **options)["changed"]
    environments = ask("service_info", **settled)["service"]["environments"]
    assert environments["blue"]["rejected"]["reason"] == "An alarm rang."
    assert (environments["blue"]["approval"], environments["green"]["pinned"]) == (None, None)
