# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import (
    Contents,
    encoded,
    find_version,
    pick,
    revise,
    revised,
)

NEW = Contents("ami-new", "/dev/xvda")
ROOT = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "SnapshotId": "snap-old-image"}}
DATA = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 100, "SnapshotId": "snap-data"}}
EPHEMERAL = {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"}


def version(number: int, image: str = "ami-old", default: bool = False, **data: Any) -> dict[str, Any]:
    return {
        "VersionNumber": number,
        "DefaultVersion": default,
        "LaunchTemplateName": "web",
        "LaunchTemplateData": {"ImageId": image, "InstanceType": "t3.small", **data},
    }


def data(**fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = version(1, **fields)["LaunchTemplateData"]
    return found


@pytest.mark.parametrize(("wanted", "number"), [("$Latest", 12), ("$Default", 2), ("10", 10)])
def test_what_a_group_calls_a_version_is_found_in_a_common_answer(wanted: str, number: int) -> None:
    assert pick([version(10), version(2, default=True), version(12)], wanted)["VersionNumber"] == number


@pytest.mark.parametrize("wanted", ["7", "$Latest", "$Default"])
def test_a_version_that_was_deleted_is_none(wanted: str) -> None:
    assert pick([], wanted) is None
    assert pick([version(3)], "7") is None


def test_a_new_version_says_nothing_but_the_image() -> None:
    source = data(UserData="eA==", BlockDeviceMappings=[{"DeviceName": "/dev/sdg", "Ebs": {"VolumeSize": 5}}])
    assert revised(source, NEW) == {"ImageId": "ami-new"}


def test_user_data_of_the_release_takes_the_place_of_the_sources() -> None:
    contents = Contents("ami-new", None, encoded("echo 2"))
    assert revised(data(UserData="eA=="), contents) == {"ImageId": "ami-new", "UserData": "ZWNobyAy"}
    other, same = version(2, "ami-new", UserData="eA=="), version(3, "ami-new", UserData="ZWNobyAy")
    assert find_version(data(UserData="eA=="), contents, [other, same]) == 3


def test_user_data_that_aws_would_not_take_is_refused() -> None:
    assert encoded("") is None
    with pytest.raises(BluegreenError, match="16385 bytes long; AWS accepts at most 16384"):
        encoded("x" * 16385)


def test_snapshots_of_data_volumes_are_said_again_and_the_old_images_is_not() -> None:
    said = revised(data(BlockDeviceMappings=[ROOT, DATA, EPHEMERAL]), NEW)
    root = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20}}
    assert said == {"ImageId": "ami-new", "BlockDeviceMappings": [root, DATA, EPHEMERAL]}


def test_the_old_images_own_snapshot_alone_is_left_to_the_new_image() -> None:
    assert revised(data(BlockDeviceMappings=[ROOT]), NEW) == {"ImageId": "ami-new"}


def test_a_version_that_aws_merged_is_found_again() -> None:
    source = data(BlockDeviceMappings=[ROOT, DATA], MetadataOptions={"HttpTokens": "required", "State": "applied"})
    merged = {**source, **revised(source, NEW), "MetadataOptions": {"HttpTokens": "required", "State": "pending"}}
    made = {"VersionNumber": 4, "LaunchTemplateData": merged}
    assert find_version(source, NEW, [version(2, "ami-new"), made]) == 4


def test_the_source_itself_will_do_when_it_has_the_image() -> None:
    """Also where somebody has made the same once more since."""
    source = version(1, "ami-new")
    revision = revise("lt-1", source, NEW, [source, version(2, "ami-new")])
    assert revision.reference() == {"LaunchTemplateId": "lt-1", "Version": "1"}


@pytest.mark.parametrize(
    "other",
    [version(2, "ami-old"), version(2, "ami-new", UserData="eQ=="), version(2, "resolve:ssm:/images/web")],
    ids=["another image", "another setting", "an image that can change"],
)
def test_another_version_is_not_taken_for_it(other: dict[str, Any]) -> None:
    assert revise("lt-1", version(1), NEW, [other]).reference()["Version"] is None
