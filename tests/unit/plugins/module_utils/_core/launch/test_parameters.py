# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.parameters import (
    parameter_remark,
    running_images,
)


def instance(group: str, image_id: str) -> dict[str, Any]:
    return {"ImageId": image_id, "Tags": [{"Key": "aws:autoscaling:groupName", "Value": group}]}


def test_a_group_whose_instances_run_several_images_runs_none_for_certain() -> None:
    found = running_images([instance("web", "ami-1"), instance("web", "ami-2"), instance("api", "ami-1")])
    assert found == {"web": None, "api": "ami-1"}


def test_an_unknown_image_is_said() -> None:
    assert "Which image its instances run is not known" in parameter_remark("web", "resolve:ssm:/images/web:2", None)
