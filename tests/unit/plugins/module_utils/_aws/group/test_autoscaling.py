# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.group.autoscaling import accepted_fields
from botocore.loaders import create_loader
from botocore.model import ServiceModel

DESCRIPTION = create_loader().load_service_model("autoscaling", "service-2")


def accepted(description: Any) -> dict[str, frozenset[str]]:
    return accepted_fields(
        SimpleNamespace(meta=SimpleNamespace(service_model=ServiceModel(description, "autoscaling")))
    )


def test_the_fields_are_those_of_the_installed_sdk() -> None:
    now = accepted(DESCRIPTION)
    assert {"MinSize", "DefaultInstanceWarmup", "InstanceMaintenancePolicy"} <= now["group"]
    assert {"LifecycleHookName", "RoleARN"} <= now["hook"]
    assert {"PredictiveScalingConfiguration", "Enabled"} <= now["policy"]
    assert {"Recurrence", "TimeZone"} <= now["schedule"]
    assert {"PoolState", "InstanceReusePolicy"} <= now["warm_pool"]
    assert not {"Instances", "Status"} & now["group"]
    assert not {"GlobalTimeout", "AutoScalingGroupName"} & now["hook"]


SHAPES = {
    "group": "CreateAutoScalingGroupType",
    "hook": "LifecycleHookSpecification",
    "notification": "PutNotificationConfigurationType",
    "policy": "PutScalingPolicyType",
    "schedule": "ScheduledUpdateGroupActionRequest",
    "warm_pool": "PutWarmPoolType",
}


def test_a_field_of_tomorrows_sdk_is_accepted_without_a_change_here() -> None:
    shapes = dict(DESCRIPTION["shapes"])
    for name in SHAPES.values():
        members = {**shapes[name]["members"], "BrandNew": {"shape": "XmlString"}}
        shapes[name] = {**shapes[name], "members": members}
    tomorrow = accepted({**DESCRIPTION, "shapes": shapes})
    assert {part for part, fields in tomorrow.items() if "BrandNew" in fields} == set(SHAPES)
