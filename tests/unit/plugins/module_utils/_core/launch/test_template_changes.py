# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate would have otherwise than the live instances."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.template_changes import (
    change_message,
    changes,
    live_versions,
)


def group(named: str, *launched: str, template: str = "lt-1") -> dict[str, Any]:
    instances = [{"LaunchTemplate": {"LaunchTemplateId": template, "Version": version}} for version in launched]
    return {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": named}, "Instances": instances}


def version(number: int, **data: Any) -> dict[str, Any]:
    return {"VersionNumber": number, "DefaultVersion": number == 1, "LaunchTemplateData": data}


@pytest.mark.parametrize(
    ("described", "versions"),
    [
        (group("2", "2", "2"), set()),
        (group("2", "1", "2"), {"1"}),
        (group("$Latest", "2"), {"2"}),
        (group("2", "1", template="lt-0"), set()),
        ({"LaunchConfigurationName": "old", "Instances": [{}]}, set()),
    ],
)
def test_versions_that_live_instances_have_and_the_group_does_not_name(
    described: dict[str, Any], versions: set[str]
) -> None:
    assert live_versions(described) == versions


def test_the_latest_version_may_be_the_live_one() -> None:
    assert changes(group("$Latest", "2"), [version(2, InstanceType="t3.small")]) == []


def test_what_is_added_and_what_is_gone() -> None:
    found = changes(group("2", "1"), [version(1, ImageId="ami-1", KeyName="ops"), version(2, EbsOptimized=True)])
    assert [(each["field"], each["before"], each["after"]) for each in found] == [
        ("EbsOptimized", None, True),
        ("KeyName", "ops", None),
    ]
    assert change_message("web-blue-v001", found[1]).endswith("version 1 of its launch template: ops, then nothing.")


def test_what_a_deleted_version_had_is_unknown() -> None:
    described = {"AutoScalingGroupName": "web-blue-v001", **group("3", "1", "2", "3")}
    with pytest.raises(BluegreenError, match=r"web-blue-v001 .* launched from version 1 and 2 of its launch template"):
        changes(described, [version(3)])
    assert changes(group("4", "3"), [version(3)]) == [], "the group's own is a finding by itself"


def test_user_data_is_never_told() -> None:
    (found,) = changes(group("2", "1"), [version(1, UserData="b2xk"), version(2, UserData="bmV3")])
    assert found == {"field": "UserData", "version": 1}
    assert change_message("web-blue-v001", found).endswith("version 1 of its launch template.")
