# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that are rolled in place: to an image, back again, and no further than a checkpoint."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim

from switchyard_lab.scene import eventually

from ..alarms import alarm_in
from ..conftest import Made
from ..rolled import Rolled


def test_a_group_is_rolled_to_an_image_and_back_and_each_only_once(rolled: Rolled, made: Made) -> None:
    foreseen = rolled.ask(check=True, image_id=rolled.new)
    assert (foreseen["changed"], made("write")) == (True, [])

    done = rolled.ask(image_id=rolled.new, release="2.0")
    assert (done["changed"], done["refresh"]["status"], done["refresh"]["percentage"]) == (
        True,
        "Successful",
        100,
    )
    assert {key: done["diff"][key]["image_id"] for key in ("before", "after")} == {
        key: foreseen["diff"][key]["image_id"] for key in ("before", "after")
    }
    assert rolled.images() == [rolled.new]
    assert rolled.scene.describe(rolled.name)["LaunchTemplate"]["Version"] == "2"
    journal = {"previous-image": rolled.old, "previous-release": rolled.old}
    assert rolled.tags() == {"release": "2.0", "rolled": f"{rolled.new} verified", **journal}

    made()
    again = rolled.ask(image_id=rolled.new, release="2.0")
    assert (again["changed"], again["refresh"], made("write")) == (False, None, [])

    back = rolled.ask(state="rolled_back")
    assert (back["changed"], back["method"]) == (True, "refresh")
    assert "is over, so AWS can no longer roll it back" in back["msg"]
    assert (rolled.images(), rolled.scene.describe(rolled.name)["LaunchTemplate"]["Version"]) == ([rolled.old], "1")
    again = rolled.ask(state="rolled_back")
    assert (again["changed"], again["method"]) == (False, "none"), "a second rollback must not swing back"


def test_at_a_checkpoint_it_is_held_resumed_and_rolled_back(rolled: Rolled) -> None:
    held = rolled.ask(image_id=rolled.new, checkpoints=[50], until_percentage=50)
    assert (held["refresh"]["status"], held["refresh"]["percentage"]) == ("InProgress", 50)
    assert rolled.images() == sorted([rolled.old, rolled.new])
    resumed = rolled.ask(image_id=rolled.new, checkpoints=[50], until_percentage=50)
    assert (resumed["changed"], resumed["refresh"]["id"]) == (False, held["refresh"]["id"])
    other = rolled.ask(image_id=rolled.scene.image(release="3"))
    assert f"is being rolled to {rolled.new}, not to" in other["msg"]
    back = rolled.ask(state="rolled_back")
    assert (back["method"], back["refresh"]["status"]) == ("rollback", "RollbackSuccessful")
    assert rolled.images() == [rolled.old]
    assert rolled.ask(state="rolled_back")["changed"] is False


def test_a_canceled_refresh_leaves_both_images_and_can_be_taken_up_again(rolled: Rolled) -> None:
    rolled.ask(image_id=rolled.new, checkpoints=[50], until_percentage=50)
    assert rolled.ask(state="canceled")["refresh"]["status"] == "Cancelled"
    assert rolled.ask(state="canceled")["changed"] is False
    assert rolled.images() == sorted([rolled.old, rolled.new])
    since = set(rolled.scene.members(rolled.name))
    assert rolled.ask(image_id=rolled.new)["changed"] is True
    assert rolled.images() == [rolled.new]
    assert since & set(rolled.scene.members(rolled.name)), "the instance that had the image already stays"


def test_without_a_name_the_release_is_the_image_whichever_run_sees_the_end(rolled: Rolled) -> None:
    foreseen = [rolled.ask(image_id=rolled.new, **given) for given in ({"check": True}, {"wait": False})]
    assert [each["release"] for each in foreseen] == [rolled.new] * 2
    eventually(rolled.statuses, lambda found: found == ["Successful"])
    assert rolled.tags()["release"] == rolled.old, "the run that started it is gone"
    assert rolled.ask(image_id=rolled.new)["changed"] is True
    assert rolled.tags()["release"] == rolled.new
    assert rolled.ask(image_id=rolled.new)["changed"] is False


def test_what_never_was_rolled_has_nothing_to_return_to(rolled: Rolled, made: Made) -> None:
    made()
    answer = rolled.ask(state="rolled_back")
    assert (answer["changed"], answer["method"]) == (False, "none")
    assert "was never rolled" in answer["msg"]
    assert made("write") == []


def test_a_refresh_that_ended_otherwise_is_told_with_aws_reasons(rolled: Rolled) -> None:
    """Whoever waits for it by its id begins no other."""
    reason = {"error": "InsufficientInstanceCapacity", "message": "We have no capacity in this zone"}
    rolled.scene.lab.fault(operation="RunInstances", times=3, **reason)
    started = rolled.ask(image_id=rolled.new, min_healthy_percentage=0, max_healthy_percentage=100, wait=False)
    assert started["refresh"]["status"] == "Pending"
    eventually(
        lambda: rolled.scene.activities(rolled.name),
        lambda found: any(each["StatusCode"] == "Failed" for each in found),
    )
    rolled.scene.autoscaling.cancel_instance_refresh(
        AutoScalingGroupName=rolled.name, WaitForTransitioningInstances=False
    )
    answer = rolled.ask(image_id=rolled.new, id=started["refresh"]["id"])
    assert "is Cancelled. Cancelled due to user request." in answer["msg"]
    assert "We have no capacity in this zone" in answer["msg"]
    assert rolled.statuses() == ["Cancelled"]
    rolled.scene.in_service(rolled.name, 2)


def test_a_wait_that_is_over_says_that_the_refresh_goes_on(rolled: Rolled) -> None:
    answer = rolled.ask(image_id=rolled.new, checkpoints=[50], wait_timeout=1)
    assert "continues. Run again to wait for it, or rollback.yml to roll it back" in answer["msg"]
    assert answer["refresh"]["status"] == "InProgress"


@pytest.mark.parametrize("state", ["ALARM", "INSUFFICIENT_DATA"])
def test_an_alarm_that_is_not_ok_is_told_before_anything_is_made(rolled: Rolled, made: Made, state: str) -> None:
    alarm = alarm_in(rolled.scene.lab, state)
    made()
    answer = rolled.ask(image_id=rolled.new, alarms=[alarm])
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
    rolled: Rolled, made: Made, options: dict[str, Any], said: str
) -> None:
    made()
    assert said in rolled.ask(**options)["msg"]
    assert made("write") == []


def choose(rolled: Rolled, override: dict[str, Any]) -> None:
    """The group launches from its template by a mixed instances policy."""
    template = rolled.scene.describe(rolled.name)["LaunchTemplate"]
    specification = {key: template[key] for key in ("LaunchTemplateId", "Version")}
    policy = {"LaunchTemplate": {"LaunchTemplateSpecification": specification, "Overrides": [override]}}
    rolled.scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=rolled.name, MixedInstancesPolicy=policy)


WEIGHTED = {"InstanceType": "t3.small", "WeightedCapacity": "2"}
BY_ATTRIBUTES = {"InstanceRequirements": {"VCpuCount": {"Min": 2}, "MemoryMiB": {"Min": 2048}}}


@pytest.mark.parametrize(
    ("override", "said"),
    [
        (WEIGHTED, "has desired capacity 2 and an instance type of weight 2"),
        (BY_ATTRIBUTES, "chooses instance types by attributes"),
    ],
)
def test_a_group_that_aws_does_not_roll_within_bounds_is_refused(
    rolled: Rolled, made: Made, override: dict[str, Any], said: str
) -> None:
    choose(rolled, override)
    made()
    assert said in rolled.ask(image_id=rolled.new)["msg"]
    assert made("write") == []


def could_return(rolled: Rolled) -> None:
    """The group as after a roll that is over: with a previous image."""
    tag = {"Key": "bluegreen:previous-image", "Value": rolled.new, "PropagateAtLaunch": False}
    named = {"ResourceId": rolled.name, "ResourceType": "auto-scaling-group"}
    rolled.scene.autoscaling.create_or_update_tags(Tags=[{**tag, **named}])


def test_new_instances_that_would_get_no_requests_are_refused_there_and_back(rolled: Rolled, made: Made) -> None:
    could_return(rolled)
    rolled.scene.autoscaling.suspend_processes(
        AutoScalingGroupName=rolled.name, ScalingProcesses=["AddToLoadBalancer", "HealthCheck"]
    )
    made()
    for asked in ({"image_id": rolled.new}, {"state": "rolled_back"}):
        answer = rolled.ask(**asked)
        assert answer["msg"].startswith(f"Suspended on {rolled.name}: AddToLoadBalancer. "), answer
    assert made("write") == []


def test_the_way_back_is_not_refused_for_an_outage(rolled: Rolled) -> None:
    could_return(rolled)
    choose(rolled, WEIGHTED)
    back = rolled.ask(check=True, state="rolled_back")
    assert (back["changed"], back["method"]) == (True, "refresh")
    assert "replace all its instances at the same time" in str(back["warnings"])


def test_a_group_that_follows_a_moving_version_gets_a_number_to_return_to(rolled: Rolled) -> None:
    template = rolled.scene.describe(rolled.name)["LaunchTemplate"]["LaunchTemplateId"]
    moving = {"LaunchTemplateId": template, "Version": "$Latest"}
    rolled.scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=rolled.name, LaunchTemplate=moving)
    held = rolled.ask(image_id=rolled.new, checkpoints=[50], until_percentage=50)
    assert rolled.scene.describe(rolled.name)["LaunchTemplate"]["Version"] == "1"
    assert any("is set to version 1" in str(warning) for warning in held["warnings"])
    assert rolled.ask(state="rolled_back")["method"] == "rollback"
    assert rolled.images() == [rolled.old]


def test_what_is_protected_can_be_left_alone(rolled: Rolled) -> None:
    kept, *_rest = rolled.scene.members(rolled.name)
    rolled.scene.autoscaling.set_instance_protection(
        AutoScalingGroupName=rolled.name, InstanceIds=[kept], ProtectedFromScaleIn=True
    )
    done = rolled.ask(image_id=rolled.new, scale_in_protected="ignore")
    assert kept not in done["updated"]
    assert kept in rolled.scene.members(rolled.name)
    assert rolled.ask(image_id=rolled.new, scale_in_protected="ignore")["changed"] is False


def test_replacing_everything_at_once_is_warned_of(rolled: Rolled) -> None:
    asked = {"check": True, "image_id": rolled.new, "min_healthy_percentage": 0}
    assert "nobody serves meanwhile" in str(rolled.ask(**asked, max_healthy_percentage=100)["warnings"])
    assert "nobody serves meanwhile" not in str(rolled.ask(**asked | {"min_healthy_percentage": 50})["warnings"])


def test_what_is_taken_back_waits_for_no_store_and_a_roll_does(rolled: Rolled, tmp_path: Path) -> None:
    claim = Claim.new("a", "roll", "job a", "", time.time()).as_data()
    lease = {"service": rolled.service, "target_groups": [], "claim": claim, "seconds": 90}
    lease["store"] = f"file://{tmp_path}/nowhere"
    assert "nowhere" in rolled.ask(image_id=rolled.new, lease=lease)["msg"]
    rolled.ask(image_id=rolled.new, checkpoints=[50], until_percentage=50)
    back = rolled.ask(state="rolled_back", lease=lease)
    assert (back["method"], rolled.images()) == ("rollback", [rolled.old]), back


def test_a_return_that_another_run_has_begun_is_followed_to_its_label(rolled: Rolled) -> None:
    rolled.ask(image_id=rolled.new, release="2.0")
    rolled.ask(state="rolled_back", wait=False, instance_warmup=50)  # so that it is not over before the next one
    back = rolled.ask(state="rolled_back")
    assert (back["method"], rolled.images()) == ("refresh", [rolled.old]), back
    assert "already" in back["msg"]
    assert rolled.tags()["release"] == rolled.old
