# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch_templates import (
    Image,
    Revision,
    TemplateRef,
    find_revision,
    pick,
    revised,
    template_of,
)

NEW = Image("ami-new", "/dev/xvda")
ROOT = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "SnapshotId": "snap-old-image"}}
DATA = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 100, "SnapshotId": "snap-data"}}
EPHEMERAL = {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"}


def version(number: int, image: str = "ami-old", default: bool = False, **data: Any) -> dict[str, Any]:
    return {
        "VersionNumber": number,
        "DefaultVersion": default,
        "LaunchTemplateData": {"ImageId": image, "InstanceType": "t3.small", **data},
    }


@pytest.mark.parametrize(
    ("group", "reference"),
    [
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}}, TemplateRef("lt-1", "3")),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}}, TemplateRef("lt-1", "$Latest")),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-1"}}, TemplateRef("lt-1", "$Default")),
        (
            {
                "MixedInstancesPolicy": {
                    "LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2", "Version": "1"}}
                }
            },
            TemplateRef("lt-2", "1"),
        ),
        ({"LaunchConfigurationName": "old"}, None),
    ],
)
def test_a_group_tells_its_template(group: dict[str, Any], reference: TemplateRef | None) -> None:
    assert template_of(group) == reference


@pytest.mark.parametrize(("wanted", "number"), [("$Latest", 12), ("$Default", 2), ("10", 10)])
def test_what_a_group_calls_a_version_is_found_in_a_common_answer(wanted: str, number: int) -> None:
    assert pick([version(10), version(2, default=True), version(12)], wanted)["VersionNumber"] == number


def test_a_new_version_says_nothing_but_the_image() -> None:
    source = version(3, UserData="eA==", BlockDeviceMappings=[{"DeviceName": "/dev/sdg", "Ebs": {"VolumeSize": 5}}])
    assert revised(source, NEW) == {"ImageId": "ami-new"}


def test_snapshots_of_data_volumes_are_said_again_and_the_old_images_is_not() -> None:
    said = revised(version(3, BlockDeviceMappings=[ROOT, DATA, EPHEMERAL]), NEW)
    root = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20}}
    assert said == {"ImageId": "ami-new", "BlockDeviceMappings": [root, DATA, EPHEMERAL]}


def test_the_old_images_own_snapshot_alone_is_left_to_the_new_image() -> None:
    assert revised(version(3, BlockDeviceMappings=[ROOT]), NEW) == {"ImageId": "ami-new"}


def test_a_version_that_aws_merged_is_found_again() -> None:
    source = version(1, BlockDeviceMappings=[ROOT, DATA])
    merged = {**source["LaunchTemplateData"], **revised(source, NEW)}
    made = {"VersionNumber": 4, "LaunchTemplateData": merged}
    assert find_revision(source, NEW, [version(2, "ami-new"), made, source]) == made


def test_the_source_itself_will_do_when_it_has_the_image() -> None:
    source = version(1, "ami-new")
    assert find_revision(source, NEW, [source]) == source


@pytest.mark.parametrize(
    "other",
    [version(2, "ami-old"), version(2, "ami-new", UserData="eQ=="), version(2, "resolve:ssm:/images/web")],
    ids=["another image", "another setting", "an image that can change"],
)
def test_another_version_is_not_taken_for_it(other: dict[str, Any]) -> None:
    assert find_revision(version(1), NEW, [other]) is None


@pytest.mark.parametrize(
    ("said", "found", "warned"),
    [("$Latest", None, True), ("$Default", None, False), ("3", None, False), ("$Latest", version(5), False)],
)
def test_only_a_group_that_would_follow_the_new_version_is_held(said: str, found: Any, warned: bool) -> None:
    revision = Revision(TemplateRef("lt-1", said), "web", version(3), NEW, found)
    assert revision.moves_latest == warned
    assert ["is set to version 3" in warning for warning in revision.warnings("web-blue-v001")] == [True] * warned
