# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone_checks import (
    check_reuse,
    check_source,
    check_target_groups,
    check_user_data,
)

from tests.unit.plugins.module_utils._core.group.groups import group, tag


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "no Auto Scaling group web-blue-v001"),
        (group(Status="Delete in progress"), "is being deleted"),
        (group(DesiredCapacity=0), "runs no instances"),
    ],
)
def test_a_source_that_cannot_be_copied_is_refused(source: dict[str, Any] | None, reason: str) -> None:
    with pytest.raises(BluegreenError, match=reason):
        check_source("web-blue-v001", source)


GREEN = [tag("bluegreen:service", "web"), tag("bluegreen:color", "green")]


@pytest.mark.parametrize(
    ("existing", "reason"),
    [
        (group(Tags=GREEN, Status="Delete in progress"), "being deleted"),
        (group(Tags=GREEN[:1]), "belongs to web, not to web green"),
        (group(), "belongs to no service"),
        (group(Tags=GREEN), "never used for another image"),
    ],
)
def test_a_name_that_is_taken_by_something_else_is_refused(existing: dict[str, Any], reason: str) -> None:
    with pytest.raises(BluegreenError, match=reason):
        check_reuse(existing, "ami-old", "web", "green", "ami-new")


def test_a_target_group_that_takes_no_instances_is_refused() -> None:
    with pytest.raises(BluegreenError, match="api takes targets of type ip"):
        check_target_groups([{"TargetGroupName": "api", "TargetType": "ip"}])


def test_other_user_data_is_refused_without_being_shown() -> None:
    with pytest.raises(BluegreenError, match="web-blue-v001 exists with this image and other user data") as refused:
        check_user_data(group(), {"UserData": "b2xk"}, "bmV3")
    assert not {"b2xk", "bmV3"} & set(str(refused.value).split())


@pytest.mark.parametrize("wanted", [None, "b2xk"], ids=["whatever it is", "the same"])
def test_user_data_that_fits_is_accepted(wanted: str | None) -> None:
    check_user_data(group(), {"UserData": "b2xk"}, wanted)
