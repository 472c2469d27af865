# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that are rolled in place: to an image, back again, and no further than a checkpoint."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.conftest import Ask
from tests.integration.lab.scene import Scene, eventually

from .conftest import Made


class Rolled:
    """A group of two, without a load balancer, and an image to roll it to."""

    def __init__(self, ask: Ask, scene: Scene) -> None:
        self._ask = ask
        self.scene = scene
        self.old = scene.image(release="1")
        self.new = scene.image(release="2")
        template = {"LaunchTemplateId": scene.template(self.old), "Version": "1"}
        self.name = scene.group(2, LaunchTemplate=template)
        scene.in_service(self.name, 2)

    def ask(self, *, check: bool = False, **options: Any) -> dict[str, Any]:
        service = {} if options.get("state") == "canceled" else {"service": "demo"}
        return self._ask("instance_refresh", check=check, group=self.name, instance_warmup=0, **service, **options)

    def images(self) -> list[str]:
        ids = list(self.scene.members(self.name))
        found = self.scene.ec2.describe_instances(InstanceIds=ids)["Reservations"]
        return sorted({each["ImageId"] for reservation in found for each in reservation["Instances"]})

    def tags(self) -> dict[str, str]:
        tags = {tag["Key"]: tag["Value"] for tag in self.scene.describe(self.name)["Tags"]}
        return {key.removeprefix("bluegreen:"): value for key, value in tags.items() if key.startswith("bluegreen:")}

    def statuses(self) -> list[str]:
        found = self.scene.autoscaling.describe_instance_refreshes(AutoScalingGroupName=self.name)
        return [each["Status"] for each in found["InstanceRefreshes"]]


@pytest.fixture
def group(ask: Ask, scene: Scene) -> Rolled:
    return Rolled(ask, scene)


def test_a_group_is_rolled_to_an_image_and_back_and_each_only_once(group: Rolled, made: Made) -> None:
    foreseen = group.ask(check=True, image_id=group.new)
    assert (foreseen["changed"], made("write")) == (True, [])

    rolled = group.ask(image_id=group.new, release="2.0")
    assert (rolled["changed"], rolled["refresh"]["status"], rolled["refresh"]["percentage"]) == (
        True,
        "Successful",
        100,
    )
    assert {key: rolled["diff"][key]["image_id"] for key in ("before", "after")} == {
        key: foreseen["diff"][key]["image_id"] for key in ("before", "after")
    }
    assert group.images() == [group.new]
    assert group.scene.describe(group.name)["LaunchTemplate"]["Version"] == "2"
    assert group.tags() == {"release": "2.0", "previous-image": group.old, "previous-release": group.old}

    made()
    again = group.ask(image_id=group.new, release="2.0")
    assert (again["changed"], again["refresh"], made("write")) == (False, None, [])

    back = group.ask(state="rolled_back")
    assert (back["changed"], back["method"]) == (True, "refresh")
    assert "is finished, so AWS can no longer roll it back" in back["msg"]
    assert (group.images(), group.scene.describe(group.name)["LaunchTemplate"]["Version"]) == ([group.old], "1")
    again = group.ask(state="rolled_back")
    assert (again["changed"], again["method"]) == (False, "none"), "a second rollback must not swing back"


def test_at_a_checkpoint_it_is_held_resumed_and_rolled_back(group: Rolled) -> None:
    held = group.ask(image_id=group.new, checkpoints=[50], until_percentage=50)
    assert (held["refresh"]["status"], held["refresh"]["percentage"]) == ("InProgress", 50)
    assert group.images() == sorted([group.old, group.new])
    resumed = group.ask(image_id=group.new, checkpoints=[50], until_percentage=50)
    assert (resumed["changed"], resumed["refresh"]["id"]) == (False, held["refresh"]["id"])
    other = group.ask(image_id=group.scene.image(release="3"))
    assert f"is being rolled to {group.new}, not to" in other["msg"]
    back = group.ask(state="rolled_back")
    assert (back["method"], back["refresh"]["status"]) == ("rollback", "RollbackSuccessful")
    assert group.images() == [group.old]
    assert group.ask(state="rolled_back")["changed"] is False


def test_a_canceled_refresh_leaves_both_images_and_can_be_taken_up_again(group: Rolled) -> None:
    group.ask(image_id=group.new, checkpoints=[50], until_percentage=50)
    assert group.ask(state="canceled")["refresh"]["status"] == "Cancelled"
    assert group.ask(state="canceled")["changed"] is False
    assert group.images() == sorted([group.old, group.new])
    since = set(group.scene.members(group.name))
    assert group.ask(image_id=group.new)["changed"] is True
    assert group.images() == [group.new]
    assert since & set(group.scene.members(group.name)), "the instance that had the image already stays"


def test_what_never_was_rolled_has_nothing_to_return_to(group: Rolled, made: Made) -> None:
    made()
    answer = group.ask(state="rolled_back")
    assert (answer["changed"], answer["method"]) == (False, "none")
    assert "was never rolled" in answer["msg"]
    assert made("write") == []


def test_a_launch_that_fails_is_told_with_its_reason(group: Rolled) -> None:
    group.scene.lab.fault(
        operation="RunInstances", times=1000, code="InsufficientInstanceCapacity", message="We have none"
    )
    try:
        answer = group.ask(image_id=group.new, wait_timeout=10)
    finally:
        group.scene.lab.fault(operation="RunInstances", times=0)
    eventually(group.statuses, lambda found: found != [])
    assert "goes on" in answer["msg"]
