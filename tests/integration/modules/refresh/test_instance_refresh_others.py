# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that are rolled while somebody else acts on them, or has begun to."""

from __future__ import annotations

import pytest

from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask
from tests.integration.policies import limited

from ..conftest import Made
from ..rolled import Rolled


def test_a_refresh_that_somebody_else_has_started_is_not_taken_back(rolled: Rolled) -> None:
    rolled.ask(image_id=rolled.new)
    rolled.scene.autoscaling.start_instance_refresh(
        AutoScalingGroupName=rolled.name, Preferences={"InstanceWarmup": 600, "SkipMatching": False}
    )
    refused = rolled.ask(state="rolled_back")
    assert refused["failed"]
    assert "was not started by a roll of this collection" in refused["msg"]
    assert rolled.statuses()[0] in ("Pending", "InProgress")
    rolled.ask(state="canceled")


def test_a_roll_that_nobody_followed_to_its_end_is_not_verified(rolled: Rolled, made: Made) -> None:
    """Its run died, and AWS has finished it."""
    rolled.ask(image_id=rolled.new, wait=False)
    eventually(lambda: rolled.statuses()[0], "Successful".__eq__)
    made()
    found = rolled.ask(image_id=rolled.new, wait=False)
    assert (found["changed"], found["refresh"], found["verified"]) == (False, None, False)
    checked = rolled.ask(image_id=rolled.new, until_percentage=100)
    assert (checked["changed"], len(checked["updated"]), made("write")) == (False, 2, [])
    assert rolled.ask(image_id=rolled.new)["changed"], "the run that has checked it says so"
    assert rolled.ask(image_id=rolled.new, wait=False)["verified"]


def test_a_roll_does_not_begin_beside_a_second_environment(rolled: Rolled, scene: Scene, made: Made) -> None:
    """A deploy has built its candidate since preflight looked."""
    other = [
        {"Key": f"bluegreen:{key}", "Value": value, "PropagateAtLaunch": True}
        for key, value in (("service", rolled.service), ("color", "green"))
    ]
    candidate = scene.group(0, Tags=other)
    own = {"ResourceId": rolled.name, "ResourceType": "auto-scaling-group", "Key": "bluegreen:color", "Value": "blue"}
    scene.autoscaling.create_or_update_tags(Tags=[{**own, "PropagateAtLaunch": False}])
    made()
    refused = rolled.ask(image_id=rolled.new)
    assert f"a second environment, {candidate}, in green" in refused["msg"]
    assert made("write") == []


def test_a_group_is_not_cloned_while_it_is_rolled(ask: Ask, rolled: Rolled, scene: Scene, made: Made) -> None:
    """Somebody has begun that since preflight looked."""
    rolled.ask(image_id=rolled.new, wait=False, instance_warmup=600)
    made()
    refused = ask(
        "autoscaling_clone",
        source=rolled.name,
        service=rolled.service,
        color="green",
        image_id=scene.image(release="3"),
        target_groups=[scene.target_group()],
    )
    assert "Wait until that is over, or roll it back with rollback.yml first" in refused["msg"]
    assert made("write") == []
    rolled.ask(state="canceled")


def test_a_roll_leaves_a_template_that_others_follow(rolled: Rolled, scene: Scene, made: Made) -> None:
    template = scene.describe(rolled.name)["LaunchTemplate"]["LaunchTemplateId"]
    other = scene.group(0, LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"})
    done = rolled.ask(image_id=rolled.new)
    assert done["refresh"]["status"] == "Successful", done
    assert any(f"{other} follows $Latest" in warning for warning in done["warnings"])
    named = scene.describe(rolled.name)["LaunchTemplate"]
    assert (named["LaunchTemplateName"], named["Version"]) == (f"bluegreen-{rolled.service}", "1")
    assert rolled.images() == [rolled.new]
    found = scene.ec2.describe_launch_template_versions(LaunchTemplateId=template)["LaunchTemplateVersions"]
    assert [each["VersionNumber"] for each in found] == [1]
    made()
    assert (rolled.ask(image_id=rolled.new)["changed"], made("write")) == (False, [])
    assert rolled.ask(state="rolled_back")["changed"]
    assert rolled.images() == [rolled.old]


def test_a_template_that_others_follow_gets_no_version(rolled: Rolled, monkeypatch: pytest.MonkeyPatch) -> None:
    """The group gets a template of the service's own, which the policy of roll.yml allows."""
    scene = rolled.scene
    shared = scene.describe(rolled.name)["LaunchTemplate"]["LaunchTemplateId"]
    other = scene.group(1, LaunchTemplate={"LaunchTemplateId": shared, "Version": "$Latest"})
    owner = {"Key": "bluegreen:service", "Value": rolled.service, "PropagateAtLaunch": False}
    named = {"ResourceId": rolled.name, "ResourceType": "auto-scaling-group"}
    scene.autoscaling.create_or_update_tags(Tags=[owner | named])
    for key, value in limited(scene.lab, "roll").items():
        monkeypatch.setenv(key, value)
    done = rolled.ask(image_id=rolled.new)
    assert not done.get("failed"), done["msg"]
    assert rolled.images() == [rolled.new]
    assert scene.describe(rolled.name)["LaunchTemplate"]["LaunchTemplateName"] == f"bluegreen-{rolled.service}"
    assert scene.describe(other)["LaunchTemplate"]["Version"] == "$Latest"
