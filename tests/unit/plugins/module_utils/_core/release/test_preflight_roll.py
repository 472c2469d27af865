# SPDX-License-Identifier: GPL-3.0-or-later
"""What prevents a rolling release in particular."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import encoded, fingerprint
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.environments import Service

from ..group.groups import suspending
from ..service.services import with_group
from .examining import GROUP, examined
from .running import NEW, OLD, service, with_data


def test_a_roll_is_of_a_service_with_one_environment() -> None:
    assert examined(stages=["roll"]).found == []
    assert "has a second environment, web-green-v001, in green" in examined(service(OLD, NEW), stages=["roll"]).found[0]
    assert "has no Auto Scaling group for blue" in examined(service(None), stages=["roll"]).found[0]


def test_a_roll_keeps_the_user_data_of_the_group_so_it_is_not_for_other_user_data() -> None:
    same = with_data(OLD, fingerprint(encoded("#!/bin/sh")))
    assert examined(same, stages=["roll"], image_id=NEW, user_data="#!/bin/sh").found == []
    assert examined(same, stages=["roll"], image_id=NEW).found == [], "none was asked for"
    (found,) = examined(same, stages=["roll"], image_id=NEW, user_data="#!/bin/bash").found
    assert found.startswith("web-blue-v001 has other user data than bluegreen_user_data")
    assert found not in examined(same, image_id=NEW, user_data="#!/bin/bash").found, "a deploy brings it"


def test_a_roll_that_has_begun_or_is_done_is_not_refused_for_other_user_data() -> None:
    """As of a template with a date in it, which a nightly run has anew each time."""
    said = "web-blue-v001 has other user data than bluegreen_user_data"
    begun = standing({}, {"Key": "bluegreen:rolled", "Value": NEW})
    for stands, image in ((begun, NEW), (with_data(OLD, "other"), OLD)):
        told = examined(stands, stages=["roll"], image_id=image, user_data="#!/bin/bash")
        assert (told.found, said in str(told.warned)) == ([], True)


def standing(override: dict[str, Any], *tags: dict[str, str], **fields: Any) -> Service:
    """Live from a mixed instances policy, with a desired capacity of 2."""
    template = {"LaunchTemplateSpecification": {}, "Overrides": [override]}
    described = {**GROUP, "MixedInstancesPolicy": {"LaunchTemplate": template}, "Tags": list(tags), **fields}
    return with_group(service(OLD), "blue", described=described)


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ({"InstanceRequirements": {}}, "chooses instance types by attributes"),
        ({"InstanceType": "m5.large", "WeightedCapacity": "2"}, "Set its desired capacity above 2"),
        ({"InstanceType": "m5.large", "WeightedCapacity": "1"}, None),
        ({"InstanceType": "m5.large"}, None),
    ],
)
def test_a_roll_that_aws_refuses_or_does_not_bound_is_refused(override: dict[str, Any], said: str | None) -> None:
    stands = standing(override)
    found = examined(stands, stages=["roll"], image_id=NEW).found
    assert [said in each for each in found] == [True] if said else found == []
    assert examined(stands, image_id=NEW).found == examined(stands, stages=["roll"], image_id=OLD).found == []
    begun = standing(override, {"Key": "bluegreen:rolled", "Value": NEW})
    assert examined(begun, stages=["roll"], image_id=NEW).found == []


def test_a_roll_needs_the_processes_that_bring_instances_into_service_until_nothing_is_left_to_do() -> None:
    suspended, begun = suspending("AddToLoadBalancer"), {"Key": "bluegreen:rolled", "Value": NEW}
    for tags in ([], [begun]):
        stands = standing({}, *tags, SuspendedProcesses=suspended)
        (found,) = examined(stands, stages=["roll"], image_id=NEW).found
        assert found.startswith("Suspended on web-blue-v001: AddToLoadBalancer.")
        assert examined(stands, stages=["roll"], image_id=OLD).found == examined(stands, image_id=NEW).found == []
