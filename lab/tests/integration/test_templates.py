# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch templates, and the images that say what an instance does."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import Any

from switchyard_lab.scene import Scene, eventually, refusal


def versions(scene: Scene, template: str) -> dict[int, dict[str, Any]]:
    found = scene.ec2.describe_launch_template_versions(LaunchTemplateId=template)["LaunchTemplateVersions"]
    return {each["VersionNumber"]: each["LaunchTemplateData"] for each in found}


def new_version(scene: Scene, template: str, **request: Any) -> int:
    created = scene.ec2.create_launch_template_version(LaunchTemplateId=template, **request)
    return int(created["LaunchTemplateVersion"]["VersionNumber"])


def test_a_source_version_gives_what_is_left_out(scene: Scene) -> None:
    template, image = scene.template(), scene.image()
    assert new_version(scene, template, SourceVersion="1", LaunchTemplateData={"ImageId": image}) == 2
    assert new_version(scene, template, LaunchTemplateData={"ImageId": image}) == 3
    found = versions(scene, template)
    assert (found[2]["ImageId"], found[2]["InstanceType"]) == (image, "t3.small")
    assert "InstanceType" not in found[3]
    unknown = {"LaunchTemplateId": template, "SourceVersion": "9", "LaunchTemplateData": {"ImageId": image}}
    assert refusal(scene.ec2.create_launch_template_version, **unknown) == "InvalidLaunchTemplateId.VersionNotFound"


def test_the_tags_of_a_template_are_not_those_of_what_it_launches(scene: Scene) -> None:
    own = {"ResourceType": "launch-template", "Tags": [{"Key": "team", "Value": "shop"}]}
    launched = {"ResourceType": "instance", "Tags": [{"Key": "role", "Value": "web"}]}
    created = scene.ec2.create_launch_template(
        LaunchTemplateName=scene.name("template"),
        LaunchTemplateData={"InstanceType": "t3.small", "TagSpecifications": [launched]},
        TagSpecifications=[own],
    )["LaunchTemplate"]
    assert created["Tags"] == own["Tags"]
    assert versions(scene, created["LaunchTemplateId"])[1]["TagSpecifications"] == [launched]


def test_a_client_token_makes_one_version(scene: Scene) -> None:
    template, data = scene.template(), {"ImageId": scene.image()}
    once, again = scene.name("token"), scene.name("token")
    made = {new_version(scene, template, ClientToken=once, LaunchTemplateData=data) for _call in range(2)}
    assert made == {2}
    assert new_version(scene, template, ClientToken=again, LaunchTemplateData=data) == 3


def test_a_client_token_is_of_one_request(scene: Scene) -> None:
    token, create = scene.name("token"), scene.ec2.create_launch_template
    first = {"LaunchTemplateName": scene.name("template"), "LaunchTemplateData": {"InstanceType": "t3.small"}}
    create(**first, ClientToken=token)
    create(**first, ClientToken=token)
    other = {**first, "LaunchTemplateData": {"InstanceType": "t3.large"}}
    assert refusal(create, **other, ClientToken=token) == "IdempotentParameterMismatch"


def test_the_default_version_stays(scene: Scene) -> None:
    template = scene.template()
    new_version(scene, template, SourceVersion="1", LaunchTemplateData={})
    new_version(scene, template, SourceVersion="1", LaunchTemplateData={})
    answer = scene.ec2.delete_launch_template_versions(LaunchTemplateId=template, Versions=["1", "2", "7"])
    assert [each["VersionNumber"] for each in answer["SuccessfullyDeletedLaunchTemplateVersions"]] == [2]
    kept = {
        each["VersionNumber"]: each["ResponseError"]["Code"]
        for each in answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    }
    assert kept == {1: "unexpectedError", 7: "launchTemplateVersionDoesNotExist"}
    assert sorted(versions(scene, template)) == [1, 3]
    assert new_version(scene, template, SourceVersion="3", LaunchTemplateData={}) == 4


def test_a_version_or_a_template_that_was_deleted_is_not_found(scene: Scene) -> None:
    """Nor are others that are asked for with it (moto's tests of these codes are verified against AWS)."""
    template = scene.template()
    new_version(scene, template, SourceVersion="1", LaunchTemplateData={})
    new_version(scene, template, SourceVersion="1", LaunchTemplateData={})
    scene.ec2.delete_launch_template_versions(LaunchTemplateId=template, Versions=["2"])
    asked = {"LaunchTemplateId": template, "Versions": ["1", "2"]}
    assert refusal(scene.ec2.describe_launch_template_versions, **asked) == "InvalidLaunchTemplateId.VersionNotFound"
    scene.ec2.delete_launch_template(LaunchTemplateId=template)
    assert refusal(scene.ec2.describe_launch_template_versions, **asked) == "InvalidLaunchTemplateId.NotFound"


def test_later_versions_with_user_data_launch(scene: Scene) -> None:
    template = scene.template()
    script = base64.b64encode(b"#!/bin/sh\n").decode()
    new_version(scene, template, SourceVersion="1", LaunchTemplateData={"UserData": script})
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "2"})
    scene.in_service(group, 1)
    assert versions(scene, template)[2]["UserData"] == script


def test_an_unknown_image_among_known_ones_is_an_error(scene: Scene) -> None:
    known = scene.image()
    request = {"ImageIds": [known, "ami-00000000000000000"]}
    assert refusal(scene.ec2.describe_images, **request) == "InvalidAMIID.NotFound"
    assert scene.ec2.describe_images(ImageIds=[known])["Images"][0]["ImageId"] == known


def ask(scene: Scene, instance: str) -> tuple[int, dict[str, Any]]:
    address = scene.lab.info()["instances"][instance]["address"]
    with urllib.request.urlopen(f"http://{address}:8080/", timeout=10) as answer:
        return answer.status, json.load(answer)


def test_the_tags_of_an_image_are_what_its_instances_do(scene: Scene) -> None:
    image = scene.image(release="7")
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": scene.template(image), "Version": "1"})
    (instance,) = scene.in_service(group, 1)
    status, answer = ask(scene, instance)
    assert (status, answer["release"], answer["instance"]) == (200, "7", instance)
    scene.ec2.create_tags(Resources=[image], Tags=[{"Key": "lab:release", "Value": "8"}])
    eventually(lambda: ask(scene, instance)[1]["release"], lambda release: release == "8")


def test_an_instance_boots_before_it_is_in_service(scene: Scene) -> None:
    image = scene.image(boot_seconds="10")
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": scene.template(image), "Version": "1"})
    (booting,) = eventually(lambda: scene.members(group), bool)
    assert scene.members(group)[booting].startswith("Pending")
    assert scene.lab.info()["instances"][booting]["state"] == "booting"
    scene.in_service(group, 1)
