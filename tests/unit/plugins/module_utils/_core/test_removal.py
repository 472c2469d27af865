# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.removal import check_removable


def group(service: str | None, **fields: Any) -> dict[str, Any]:
    tags = [{"Key": "bluegreen:service", "Value": service}] if service else []
    return {"AutoScalingGroupName": "web-blue-v001", "Tags": tags, **fields}


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (group(None), "tag bluegreen:service is missing"),
        (group("shop"), "tag bluegreen:service says shop"),
        (group("web", DeletionProtection="prevent-force-deletion"), "deletion protection is prevent-force-deletion"),
    ],
)
def test_a_group_of_somebody_else_or_a_protected_one_stays(found: dict[str, Any], reason: str) -> None:
    with pytest.raises(BluegreenError, match=reason):
        check_removable(found, "web")


@pytest.mark.parametrize("fields", [{}, {"DeletionProtection": "none"}])
def test_a_group_of_the_service_may_go(fields: dict[str, Any]) -> None:
    check_removable(group("web", **fields), "web")
