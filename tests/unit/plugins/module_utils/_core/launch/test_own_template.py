# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.own_template import (
    OwnTemplate,
    check_template_owner,
    template_name,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import Contents


@pytest.mark.parametrize(("service", "name"), [("web", "bluegreen-web"), ("shop: web é", "bluegreen-shop--web--")])
def test_the_template_is_named_after_the_service(service: str, name: str) -> None:
    assert template_name(service) == name


def test_a_template_of_somebody_else_is_not_used() -> None:
    tagged = {"Key": "bluegreen:service", "Value": "web"}
    check_template_owner({"LaunchTemplateName": "bluegreen-web", "Tags": [tagged]}, "web")
    with pytest.raises(BluegreenError, match="exists without the tag bluegreen:service=web"):
        check_template_owner({"LaunchTemplateName": "bluegreen-web"}, "web")
    with pytest.raises(BluegreenError, match="Rename one of the two services"):
        check_template_owner({"LaunchTemplateName": "bluegreen-web-", "Tags": [tagged | {"Value": "web!"}]}, "web?")


def test_a_version_is_whole_and_found_again() -> None:
    """The root volume's snapshot is the image's own; that of a data volume stays."""
    root = {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-old", "VolumeSize": 8}}
    disk = {"DeviceName": "/dev/sdf", "Ebs": {"SnapshotId": "snap-data"}}
    data = {"ImageId": "ami-old", "KeyName": "ops", "BlockDeviceMappings": [root, disk]}
    contents = Contents("ami-new", "/dev/xvda")
    planned = OwnTemplate("web").revision(data, contents)
    assert (planned.template_id, planned.template_name, planned.over, planned.found) == (
        None,
        "bluegreen-web",
        None,
        None,
    )
    assert planned.data == {
        "ImageId": "ami-new",
        "KeyName": "ops",
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8}}, disk],
    }
    made = {"VersionNumber": 4, "LaunchTemplateData": planned.data}
    assert OwnTemplate("web", "lt-9", [made]).revision(data, contents).found == 4
