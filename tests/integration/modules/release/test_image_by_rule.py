# SPDX-License-Identifier: GPL-3.0-or-later
"""The image of a release by a rule: which one is found, and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..demo import Demo

JANUARY, FEBRUARY, MARCH = (f"2026-0{month}-01T02:00:00.000Z" for month in (1, 2, 3))
OTHER = "999999999999"


@pytest.fixture
def name(scene: Scene) -> str:
    """No other test's images begin like this."""
    return scene.name("web")


@pytest.fixture
def rule(name: str) -> dict[str, Any]:
    return {"name": f"{name}-*", "tags": {"approved": "yes"}, "newest": True}


def live(demo: Demo, image: str) -> dict[str, Any]:
    """A service that runs this image in blue."""
    demo.live(1, LaunchTemplate={"LaunchTemplateId": demo.scene.template(image), "Version": "1"})
    return {**demo.definition, "image_id": ""}


@pytest.fixture
def definition(scene: Scene, demo: Demo) -> dict[str, Any]:
    """A service that runs an image older than all others."""
    return live(demo, scene.named_image(scene.name("first"), lab__created="2025-01-01T00:00:00.000Z"))


def test_the_newest_image_that_matches_is_found_and_reported(
    plan: Plan, scene: Scene, demo: Demo, name: str, rule: dict[str, Any], made: Made
) -> None:
    old = scene.named_image(f"{name}-1", approved="yes", lab__created=JANUARY)
    new = scene.named_image(f"{name}-2", approved="yes", lab__created=FEBRUARY)
    for other in ({}, {"approved": "no"}, {"approved": "yes", "lab__owner": OTHER}):
        scene.named_image(f"{name}-3", lab__created=MARCH, **other)
    scene.named_image(f"{name}-4", approved="yes", lab__created=MARCH, lab__deprecated=MARCH)
    scene.ec2.disable_image(ImageId=scene.named_image(f"{name}-5", approved="yes", lab__created=MARCH))
    definition = live(demo, old)
    made()
    planned = plan(**definition, image=rule)
    assert not planned.get("failed"), planned["msg"]
    said = f"images named {name}-* tagged approved=yes of self"
    assert planned["image"] == {"id": new, "name": f"{name}-2", "created": FEBRUARY, "rule": said}
    assert planned["wanted"]["image_id"] == planned["definition"]["image_id"] == planned["asked"]["image_id"] == new
    # By the rule; what runs, which may be newer; and what the group launches, whose root device the template maps.
    assert made().count("DescribeImages") == 3
    assert plan(["roll"], **definition, image=rule)["wanted"]["image_id"] == new


def test_nothing_newer_than_what_runs_is_nothing_to_do(
    plan: Plan, scene: Scene, demo: Demo, name: str, rule: dict[str, Any]
) -> None:
    """Also where a newer image was released by its ID, which nobody has approved: that one stays."""
    newest = scene.named_image(f"{name}-1", approved="yes", lab__created=FEBRUARY)
    definition = live(demo, newest)
    planned = plan(**definition, image=rule)
    assert (planned["brings_up"], planned["stages"], planned["doing"]) == ("nothing", [], "")
    scene.ec2.delete_tags(Resources=[newest], Tags=[{"Key": "approved"}])
    older = scene.named_image(f"{name}-0", approved="yes", lab__created=JANUARY)
    planned = plan(**definition, image=rule)
    assert (planned["brings_up"], planned["stages"], planned["image"]["id"]) == ("nothing", [], older)
    assert f"nothing newer is found: {older} ({name}-0, created 2026-01-01 02:00 UTC) is the newest" in planned["msg"]
    assert plan(**definition, image={**rule, "newest": False})["wanted"]["image_id"] == older, (
        "the only one that matches"
    )


def test_what_a_rule_does_not_decide_is_refused_with_the_images(
    plan: Plan, scene: Scene, definition: dict[str, Any], name: str, rule: dict[str, Any]
) -> None:
    none = plan(**definition, image=rule, alarms=["nobody-made-it"])
    assert none["failed"]
    assert "bluegreen_image finds no images named" in none["findings"][0]
    assert "nobody-made-it" in none["findings"][1], "all findings together"
    one, two = (scene.named_image(f"{name}-{number}", approved="yes", lab__created=JANUARY) for number in (1, 2))
    several = plan(**definition, image={**rule, "newest": False})
    assert f"finds 2 images named {name}-*" in several["msg"]
    assert one in several["msg"]
    assert two in several["msg"]
    assert "that were created last, both at" in plan(**definition, image=rule)["msg"]
    for image in (one, two):
        scene.ec2.disable_image(ImageId=image)
    old = scene.named_image(f"{name}-3", approved="yes", lab__deprecated=JANUARY)
    assert f"{old} ({name}-3, created" in plan(**definition, image=rule)["msg"]


def test_a_parameter_names_the_image(plan: Plan, lab: LabProcess, scene: Scene, demo: Demo, name: str) -> None:
    """It is followed to an older one as well, and deprecated or not."""
    ssm, path = lab.client("ssm"), f"/images/{name}"
    definition = live(demo, scene.named_image(f"{name}-2", lab__created=FEBRUARY))
    assert f"There is no parameter {path} of Systems Manager" in plan(**definition, image={"ssm": path})["msg"]
    old = scene.named_image(f"{name}-1", lab__created=JANUARY, lab__deprecated=JANUARY)
    ssm.put_parameter(Name=path, Value=old, Type="String")
    planned = plan(**definition, image={"ssm": path})
    assert (planned["wanted"]["image_id"], planned["image"]["rule"]) == (old, f"the parameter {path}")
    assert any(f"Image {old} is deprecated since 2026-01-01" in each for each in planned["warnings"])
    ssm.put_parameter(Name=f"{path}-secret", Value="hunter2", Type="SecureString")
    refused = plan(**definition, image={"ssm": f"{path}-secret"})
    assert "does not hold the ID of an image" in refused["msg"]
    assert "hunter2" not in refused["msg"]


def test_a_label_finds_its_image_and_an_image_brings_its_label(
    plan: Plan, scene: Scene, definition: dict[str, Any], name: str
) -> None:
    rule = {"name": f"{name}-*", "newest": True, "release_tag": "release"}
    images = {
        label: scene.named_image(f"{name}-{label}", release=label, lab__created=at)
        for label, at in (("1.0", JANUARY), ("1.1", FEBRUARY), ("1.*", MARCH))
    }
    scene.named_image(f"{name}-unlabeled", lab__created="2026-04-01T00:00:00.000Z")
    planned = plan(**definition, image=rule)
    assert (planned["wanted"]["image_id"], planned["wanted"]["release"]) == (images["1.*"], "1.*")
    for label in ("1.0", "1.*"):
        planned = plan(**definition, image=rule, release=label)
        assert (planned["wanted"]["image_id"], planned["wanted"]["release"]) == (images[label], label)
    assert "tagged release=1.2" in plan(**definition, image=rule, release="1.2")["msg"]


def test_an_image_that_does_not_run_on_the_instances_is_refused(
    plan: Plan, scene: Scene, definition: dict[str, Any], name: str, rule: dict[str, Any]
) -> None:
    specification = [{"ResourceType": "image", "Tags": [{"Key": "approved", "Value": "yes"}]}]
    scene.ec2.register_image(Name=f"{name}-arm", Architecture="arm64", TagSpecifications=specification)
    assert "its architecture is arm64" in plan(**definition, image=rule)["msg"]


@pytest.fixture
def allowed(lab: LabProcess) -> Iterator[Any]:
    """The account allows its own images only."""
    ec2 = lab.client("ec2")
    ec2.replace_image_criteria_in_allowed_images_settings(ImageCriteria=[{"ImageProviders": ["none"]}])
    yield lambda state: ec2.enable_allowed_images_settings(AllowedImagesSettingsState=state)
    ec2.disable_allowed_images_settings()


def test_an_image_that_the_account_does_not_allow_is_refused(
    plan: Plan, scene: Scene, definition: dict[str, Any], name: str, allowed: Any
) -> None:
    other = scene.named_image(f"{name}-1", lab__owner=OTHER)
    rule = {"name": f"{name}-*", "owners": [OTHER]}
    allowed("audit-mode")
    assert any(
        "does not meet the criteria of Allowed AMIs" in each for each in plan(**definition, image=rule)["warnings"]
    )
    allowed("enabled")
    for said in ({"image": rule}, {"image_id": other}):
        refused = plan(**definition | said)
        assert refused["failed"]
        assert "Allowed AMIs is enabled for this account and region" in refused["msg"]


def test_a_later_stage_goes_on_with_the_candidate_as_long_as_it_matches(
    plan: Plan, scene: Scene, demo: Demo, definition: dict[str, Any], name: str, rule: dict[str, Any]
) -> None:
    """Between the jobs of a workflow, images are made: what was verified and approved is what gets the traffic."""
    image = scene.named_image(f"{name}-1", approved="yes", lab__created=JANUARY)
    demo.candidate(image)
    newer = scene.named_image(f"{name}-2", approved="yes", lab__created=FEBRUARY)
    swap = plan(["swap"], **definition, image=rule)
    assert (swap["image"]["id"], swap["brings_up"]) == (image, "candidate"), swap["msg"]
    assert plan(**definition, image=rule)["replaces"], "what builds takes the newest"
    scene.ec2.delete_tags(Resources=[image], Tags=[{"Key": "approved"}])
    refused = plan(["swap"], **definition, image=rule)
    assert f"You asked for {newer}: run provision.yml with it first." in refused["msg"]


def test_a_rule_does_not_release_again_what_was_rolled_back(
    ask: Ask, plan: Plan, scene: Scene, demo: Demo, definition: dict[str, Any], name: str, rule: dict[str, Any]
) -> None:
    """A nightly cycle would hurt users each night. By its ID a person may try it again."""
    bad = scene.named_image(f"{name}-1", approved="yes", lab__created=JANUARY)
    group = demo.candidate(bad)
    ask("environment_mark", group=group, mark="rejected", value="Alarm web-green-5xx rang.")
    refused = plan(**definition, image=rule)
    assert f"bluegreen_image finds {bad}, which was rolled back" in refused["msg"]
    assert "Alarm web-green-5xx rang." in refused["msg"]
    assert not plan(**definition | {"image_id": bad}).get("failed")
    passed = plan(**definition, image=rule, override={"reason": "a false alarm", "allow": ["rejected"]})
    assert not passed.get("failed"), passed["msg"]
