# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that are rolled while somebody else acts on them, or has begun to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.refresh import others, take_back

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually
from tests.in_process import in_process
from tests.integration.conftest import Ask
from tests.integration.policies import limited

from ..conftest import Made
from ..rolled import Rolled


def launched(rolled: Rolled, version: str) -> dict[str, Any]:
    """The desired configuration of a version of the group's launch template."""
    template = rolled.scene.describe(rolled.name)["LaunchTemplate"]["LaunchTemplateId"]
    return {"LaunchTemplate": {"LaunchTemplateId": template, "Version": version}}


def version(rolled: Rolled, **data: Any) -> str:
    """One that somebody else makes of what the group launches."""
    template, own = rolled.scene.describe(rolled.name)["LaunchTemplate"], {"ImageId": rolled.new, **data}
    made = rolled.scene.ec2.create_launch_template_version(
        LaunchTemplateId=template["LaunchTemplateId"], SourceVersion=template["Version"], LaunchTemplateData=own
    )
    return str(made["LaunchTemplateVersion"]["VersionNumber"])


def refresh(rolled: Rolled, to: str | None = None) -> None:
    """Somebody else starts one, to a version of the group's launch template, that AWS holds half-way."""
    desired = {"DesiredConfiguration": launched(rolled, to)} if to else {}
    held = {"CheckpointPercentages": [50, 100], "CheckpointDelay": 3600}
    preferences = {"InstanceWarmup": 0, "SkipMatching": False, **held}
    rolled.scene.autoscaling.start_instance_refresh(
        AutoScalingGroupName=rolled.name, Preferences=preferences, **desired
    )


def set_by_hand(rolled: Rolled, to: str) -> None:
    rolled.scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=rolled.name, **launched(rolled, to))


FOREIGN: dict[str, Callable[[Rolled], str | None]] = {
    "to what the group launches": lambda _rolled: None,
    "to another image": lambda rolled: version(rolled, ImageId=rolled.scene.image(release="3")),
    "to our image, with other user data": lambda rolled: version(rolled, UserData="b3RoZXI="),
}


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_refresh_that_somebody_else_has_started_is_not_taken_back(rolled: Rolled, made: Made, foreign: str) -> None:
    rolled.ask(image_id=rolled.new)
    refresh(rolled, FOREIGN[foreign](rolled))
    made()
    refused = rolled.ask(state="rolled_back")
    assert refused["failed"]
    assert "was not started by a roll of this collection" in refused["msg"]
    assert made("write") == []
    assert rolled.statuses()[0] in ("Pending", "InProgress")
    rolled.ask(state="canceled")


def test_a_refresh_to_other_user_data_is_not_taken_for_our_roll(rolled: Rolled, made: Made) -> None:
    """It brings the image that is wanted, and what nobody has asked for."""
    refresh(rolled, version(rolled, UserData="b3RoZXI="))
    made()
    refused = rolled.ask(image_id=rolled.new)
    assert "brings more than that image" in refused["msg"]
    assert made("write") == []
    rolled.ask(state="canceled")


def test_rolled_back_is_said_only_when_the_group_has_the_previous_image(rolled: Rolled) -> None:
    """Somebody has set the group to a third image since our roll, and another began to roll it to ours again."""
    rolled.ask(image_id=rolled.new)
    set_by_hand(rolled, third := version(rolled, ImageId=rolled.scene.image(release="3")))
    refresh(rolled, "2")
    refused = rolled.ask(state="rolled_back")
    assert f"AWS says that {rolled.name} is rolled back, but the group launches" in refused["msg"]
    assert f"and not {rolled.old}" in refused["msg"]
    assert rolled.statuses()[0] == "RollbackSuccessful"
    assert rolled.scene.describe(rolled.name)["LaunchTemplate"]["Version"] == third


@pytest.mark.parametrize("joins", [False, True], ids=["begun by us", "begun by a run that died"])
def test_a_way_back_by_a_refresh_is_compared_with_what_runs_at_its_end(
    monkeypatch: pytest.MonkeyPatch, lab: LabProcess, scene: Scene, joins: bool
) -> None:
    """Somebody sets the group to another image in the moment in which it ends."""
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)
    rolled = Rolled(lambda module, *, check, **options: in_process(module, options, check=check), scene)
    rolled.ask(image_id=rolled.new)
    if joins:
        rolled.ask(state="rolled_back", wait=False)
    waited = take_back.await_percentage

    def await_and_change(*arguments: Any) -> Any:
        seen = waited(*arguments)
        set_by_hand(rolled, "2")
        return seen

    monkeypatch.setattr(take_back, "await_percentage", await_and_change)
    refused = rolled.ask(state="rolled_back")
    assert f"is rolled back, but the group launches {rolled.new} and not {rolled.old}" in refused["msg"]
    assert rolled.tags()["release"] == rolled.new


def test_what_the_group_launches_may_be_read_later_than_the_end_of_the_refresh_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, lab: LabProcess, scene: Scene
) -> None:
    for name, value in lab.env.items():
        monkeypatch.setenv(name, value)
    rolled = Rolled(lambda module, *, check, **options: in_process(module, options, check=check), scene)
    late, read = [scene.describe(rolled.name)], others.read_group
    monkeypatch.setattr(others, "read_group", lambda *asked: late.pop() if late else read(*asked))
    done = rolled.ask(image_id=rolled.new)
    assert done["changed"], done
    assert rolled.tags()["release"] == rolled.new


def test_a_roll_says_nothing_of_a_group_that_was_set_to_another_image_meanwhile(rolled: Rolled) -> None:
    begun = rolled.ask(image_id=rolled.new, wait=False)["refresh"]["id"]
    eventually(lambda: rolled.statuses()[0], "Successful".__eq__)
    set_by_hand(rolled, "1")
    refused = rolled.ask(image_id=rolled.new, id=begun)
    assert f"is rolled, but the group launches {rolled.old} and not {rolled.new}" in refused["msg"]
    assert (rolled.tags()["release"], rolled.tags()["rolled"]) == (rolled.old, rolled.new), "of no new release"


def test_a_roll_says_nothing_of_a_group_that_is_on_its_way_back(rolled: Rolled) -> None:
    """It launches the new image until the way back is over."""
    begun = rolled.ask(image_id=rolled.new, wait=False)["refresh"]["id"]
    eventually(lambda: rolled.statuses()[0], "Successful".__eq__)
    refresh(rolled, "1")
    refused = rolled.ask(image_id=rolled.new, id=begun)
    assert f"is rolled, but another instance refresh of it has begun since, to {rolled.old}" in refused["msg"]
    assert (rolled.tags()["release"], rolled.tags()["rolled"]) == (rolled.old, rolled.new), "of no new release"
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


def test_a_roll_is_taken_back_only_from_the_image_that_it_brought(rolled: Rolled, made: Made) -> None:
    """Somebody else has set the group to a third image since: what its tags remember is not what that replaced."""
    rolled.ask(image_id=rolled.new)
    third = rolled.scene.image(release="3")
    set_by_hand(rolled, version(rolled, ImageId=third))
    made()
    kept = rolled.ask(state="rolled_back", image_id=third)
    assert (kept["changed"], kept["returned"], made("write")) == (False, False, [])
    assert f"{rolled.name} was not rolled to {third}" in kept["msg"]
    back = rolled.ask(check=True, state="rolled_back", image_id=rolled.new)
    assert (back["changed"], back["returned"]) == (True, True), "the roll that it remembers"


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
    """The group gets a template of the service's own, which the policy of roll.yml allows. It has no version with the
    previous image, so rollback.yml makes one."""
    scene = rolled.scene
    shared = scene.describe(rolled.name)["LaunchTemplate"]["LaunchTemplateId"]
    other = scene.group(1, LaunchTemplate={"LaunchTemplateId": shared, "Version": "$Latest"})
    owner = {"Key": "bluegreen:service", "Value": rolled.service, "PropagateAtLaunch": False}
    named = {"ResourceId": rolled.name, "ResourceType": "auto-scaling-group"}
    scene.autoscaling.create_or_update_tags(Tags=[owner | named])
    sign_in(monkeypatch, limited(scene.lab, "roll"))
    done = rolled.ask(image_id=rolled.new)
    assert not done.get("failed"), done["msg"]
    assert rolled.images() == [rolled.new]
    assert scene.describe(rolled.name)["LaunchTemplate"]["LaunchTemplateName"] == f"bluegreen-{rolled.service}"
    assert scene.describe(other)["LaunchTemplate"]["Version"] == "$Latest"
    sign_in(monkeypatch, limited(scene.lab, "rollback"))
    returned = rolled.ask(state="rolled_back")
    assert not returned.get("failed"), returned["msg"]
    assert rolled.images() == [rolled.old]


def sign_in(monkeypatch: pytest.MonkeyPatch, keys: Mapping[str, str]) -> None:
    for key, value in keys.items():
        monkeypatch.setenv(key, value)
