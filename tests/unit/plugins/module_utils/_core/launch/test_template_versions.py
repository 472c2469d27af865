# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.template_versions import (
    description,
    disposable,
    versions_in_use,
)


def version(number: int, service: str | None = "web", default: bool = False) -> dict[str, Any]:
    said = {"VersionDescription": description(service, f"1.{number}.0")} if service else {}
    return {"VersionNumber": number, "DefaultVersion": default, **said}


HISTORY = [version(1, service=None, default=True), *map(version, range(2, 8))]


@pytest.mark.parametrize(
    ("keep", "in_use", "gone"),
    [
        (10, (), []),
        (2, (), [2, 3, 4, 5]),
        (2, (3,), [2, 4, 5]),
        (0, (), [2, 3, 4, 5, 6]),
    ],
    ids=["enough kept", "the last two", "one in use", "none but the latest"],
)
def test_the_last_versions_stay_and_those_that_are_needed(keep: int, in_use: tuple[int, ...], gone: list[int]) -> None:
    assert disposable("web", keep, HISTORY, in_use) == gone


def test_versions_that_others_made_stay() -> None:
    others = [version(2, service=None), version(3, service="web-api"), {**version(4), "DefaultVersion": True}]
    assert disposable("web", 0, [*others, version(5), version(9, service=None)], ()) == [5]


def test_a_description_fits() -> None:
    assert len(description("web", "x" * 300)) == 255


def test_versions_of_groups_and_of_their_instances_are_in_use() -> None:
    groups = [
        {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "4"}},
        {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}},
        {"LaunchTemplate": {"LaunchTemplateId": "lt-2", "Version": "5"}},
        {
            "MixedInstancesPolicy": {
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2", "Version": "1"},
                    "Overrides": [{"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "6"}}],
                }
            },
            "Instances": [{"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "2"}}],
        },
        {"LaunchConfigurationName": "old", "Instances": [{"LaunchConfigurationName": "old"}]},
    ]
    assert versions_in_use("lt-1", groups) == {2, 4, 6}
