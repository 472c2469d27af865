# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that are rolled in place: to an image, back again, and no further than a checkpoint."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.conftest import Ask
from tests.integration.lab.scene import Scene, eventually

from .alarms import alarm_in
from .conftest import Made


class Rolled:
    """A group of two, without a load balancer, and an image to roll it to."""

    def __init__(self, ask: Ask, scene: Scene) -> None:
        self._ask = ask
        self.scene = scene
        self.service = scene.name("service")
        self.old = scene.image(release="1")
        self.new = scene.image(release="2")
        template = {"LaunchTemplateId": scene.template(self.old), "Version": "1"}
        self.name = scene.group(2, LaunchTemplate=template)
        scene.in_service(self.name, 2)

    def ask(self, *, check: bool = False, **options: Any) -> dict[str, Any]:
        service = {} if options.get("state") == "canceled" else {"service": self.service}
        asked = {"group": self.name, "instance_warmup": 0, **service, **options}
        return self._ask("instance_refresh", check=check, **asked)

    def preflight(self) -> dict[str, Any]:
        """Of a release that builds another group from this one."""
        return self._ask("preflight", image_id=self.new, source=self.name)

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
    journal = {"previous-image": group.old, "previous-release": group.old}
    assert group.tags() == {"release": "2.0", "rolled": f"{group.new} verified", **journal}

    made()
    again = group.ask(image_id=group.new, release="2.0")
    assert (again["changed"], again["refresh"], made("write")) == (False, None, [])

    back = group.ask(state="rolled_back")
    assert (back["changed"], back["method"]) == (True, "refresh")
    assert "is over, so AWS can no longer roll it back" in back["msg"]
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
    assert "has replaced 50 %" in group.preflight()["msg"], "no other release begins meanwhile"
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


def test_without_a_name_the_release_is_the_image_whichever_run_sees_the_end(group: Rolled) -> None:
    group.ask(image_id=group.new, wait=False)
    eventually(group.statuses, lambda found: found == ["Successful"])
    assert group.tags()["release"] == group.old, "the run that started it is gone"
    assert group.ask(image_id=group.new)["changed"] is True
    assert group.tags()["release"] == group.new
    assert group.ask(image_id=group.new)["changed"] is False


def test_what_never_was_rolled_has_nothing_to_return_to(group: Rolled, made: Made) -> None:
    made()
    answer = group.ask(state="rolled_back")
    assert (answer["changed"], answer["method"]) == (False, "none")
    assert "was never rolled" in answer["msg"]
    assert made("write") == []


def test_a_refresh_that_ended_otherwise_is_told_with_aws_reasons(group: Rolled) -> None:
    """Whoever waits for it by its id begins no other."""
    reason = {"error": "InsufficientInstanceCapacity", "message": "We have no capacity in this zone"}
    group.scene.lab.fault(operation="RunInstances", times=3, **reason)
    started = group.ask(image_id=group.new, min_healthy_percentage=0, max_healthy_percentage=100, wait=False)
    assert started["refresh"]["status"] == "Pending"
    eventually(
        lambda: group.scene.activities(group.name),
        lambda found: any(each["StatusCode"] == "Failed" for each in found),
    )
    group.scene.autoscaling.cancel_instance_refresh(
        AutoScalingGroupName=group.name, WaitForTransitioningInstances=False
    )
    answer = group.ask(image_id=group.new, id=started["refresh"]["id"])
    assert "is Cancelled. Cancelled due to user request." in answer["msg"]
    assert "We have no capacity in this zone" in answer["msg"]
    assert group.statuses() == ["Cancelled"]
    group.scene.in_service(group.name, 2)


def test_a_wait_that_is_over_says_that_the_refresh_goes_on(group: Rolled) -> None:
    answer = group.ask(image_id=group.new, checkpoints=[50], wait_timeout=1)
    assert "goes on. Run again to wait for it, or rollback.yml to take it back" in answer["msg"]
    assert answer["refresh"]["status"] == "InProgress"


@pytest.mark.parametrize("state", ["ALARM", "INSUFFICIENT_DATA"])
def test_an_alarm_that_is_not_ok_is_told_before_anything_is_made(group: Rolled, made: Made, state: str) -> None:
    alarm = alarm_in(group.scene.lab, state)
    made()
    answer = group.ask(image_id=group.new, alarms=[alarm])
    assert f"Alarm {alarm} is in {state}" in answer["msg"]
    assert made("write") == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"image_id": "ami-00000000000000000"}, "reading image ami-00000000000000000"),
        ({"image_id": "ami-1", "checkpoints": [50, 20]}, "in rising order"),
        ({"image_id": "ami-1", "min_healthy_percentage": 5}, "a difference of at most 100"),
    ],
)
def test_bad_input_is_told_before_anything_is_made(
    group: Rolled, made: Made, options: dict[str, Any], said: str
) -> None:
    made()
    assert said in group.ask(**options)["msg"]
    assert made("write") == []


def test_a_group_that_follows_a_moving_version_gets_a_number_to_return_to(group: Rolled) -> None:
    template = group.scene.describe(group.name)["LaunchTemplate"]["LaunchTemplateId"]
    moving = {"LaunchTemplateId": template, "Version": "$Latest"}
    group.scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group.name, LaunchTemplate=moving)
    held = group.ask(image_id=group.new, checkpoints=[50], until_percentage=50)
    assert group.scene.describe(group.name)["LaunchTemplate"]["Version"] == "1"
    assert any("is set to version 1" in str(warning) for warning in held["warnings"])
    assert group.ask(state="rolled_back")["method"] == "rollback"
    assert group.images() == [group.old]


def test_what_is_protected_can_be_left_alone(group: Rolled) -> None:
    kept, *_rest = group.scene.members(group.name)
    group.scene.autoscaling.set_instance_protection(
        AutoScalingGroupName=group.name, InstanceIds=[kept], ProtectedFromScaleIn=True
    )
    rolled = group.ask(image_id=group.new, scale_in_protected="ignore")
    assert kept not in rolled["updated"]
    assert kept in group.scene.members(group.name)
    assert group.ask(image_id=group.new, scale_in_protected="ignore")["changed"] is False


def test_a_refresh_that_somebody_else_has_started_is_not_taken_back(group: Rolled) -> None:
    group.ask(image_id=group.new)
    group.scene.autoscaling.start_instance_refresh(
        AutoScalingGroupName=group.name, Preferences={"InstanceWarmup": 600, "SkipMatching": False}
    )
    refused = group.ask(state="rolled_back")
    assert refused["failed"]
    assert "was not started by a roll of this collection" in refused["msg"]
    assert group.statuses()[0] in ("Pending", "InProgress")
    group.ask(state="canceled")


def test_a_roll_that_nobody_followed_to_its_end_is_not_verified(group: Rolled, made: Made) -> None:
    """Its run died, and AWS has finished it."""
    group.ask(image_id=group.new, wait=False)
    eventually(lambda: group.statuses()[0], "Successful".__eq__)
    made()
    found = group.ask(image_id=group.new, wait=False)
    assert (found["changed"], found["refresh"], found["verified"]) == (False, None, False)
    checked = group.ask(image_id=group.new, until_percentage=100)
    assert (checked["changed"], len(checked["updated"]), made("write")) == (False, 2, [])
    assert group.ask(image_id=group.new)["changed"], "the run that has checked it says so"
    assert group.ask(image_id=group.new, wait=False)["verified"]


def test_a_roll_does_not_begin_beside_a_second_environment(group: Rolled, scene: Scene, made: Made) -> None:
    """A deploy has built its candidate since preflight looked."""
    other = [
        {"Key": f"bluegreen:{key}", "Value": value, "PropagateAtLaunch": True}
        for key, value in (("service", group.service), ("color", "green"))
    ]
    candidate = scene.group(0, Tags=other)
    own = {"ResourceId": group.name, "ResourceType": "auto-scaling-group", "Key": "bluegreen:color", "Value": "blue"}
    scene.autoscaling.create_or_update_tags(Tags=[{**own, "PropagateAtLaunch": False}])
    made()
    refused = group.ask(image_id=group.new)
    assert f"a second environment, {candidate}, in green" in refused["msg"]
    assert made("write") == []


def test_a_group_is_not_cloned_while_it_is_rolled(ask: Ask, group: Rolled, scene: Scene, made: Made) -> None:
    """Somebody has begun that since preflight looked."""
    group.ask(image_id=group.new, wait=False, instance_warmup=600)
    made()
    refused = ask(
        "autoscaling_clone",
        source=group.name,
        service=group.service,
        color="green",
        image_id=scene.image(release="3"),
        target_groups=[scene.target_group()],
    )
    assert "Wait until that is over, or take it back with rollback.yml first" in refused["msg"]
    assert made("write") == []
    group.ask(state="canceled")


def test_replacing_everything_at_once_is_warned_of(group: Rolled) -> None:
    asked = {"check": True, "image_id": group.new, "min_healthy_percentage": 0}
    assert "nobody serves meanwhile" in str(group.ask(**asked, max_healthy_percentage=100)["warnings"])
    assert "nobody serves meanwhile" not in str(group.ask(**asked | {"min_healthy_percentage": 50})["warnings"])
