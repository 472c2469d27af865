# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.zones import (
    check_zones,
    find_foreign_zones,
)

GROUP = {"AutoScalingGroupName": "web-blue-v001", "AvailabilityZones": ["eu-west-1a", "eu-west-1c"]}


def balancer(*zones: str) -> dict[str, Any]:
    return {
        "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/1",
        "AvailabilityZones": [{"ZoneName": zone} for zone in zones],
    }


def test_a_zone_that_a_load_balancer_has_beside_those_of_the_group_is_no_matter() -> None:
    assert find_foreign_zones(GROUP, [], [balancer("eu-west-1a", "eu-west-1b", "eu-west-1c")]) == []


def test_a_zone_that_it_lacks_is_named_with_its_subnets() -> None:
    subnets = [{"SubnetId": "subnet-3", "AvailabilityZone": "eu-west-1c"}]
    (found,) = find_foreign_zones(GROUP, subnets, [balancer("eu-west-1a", "eu-west-1b")])
    assert (
        "web-blue-v001 launches in eu-west-1c (subnet-3), which load balancer loadbalancer/app/web/1 does not" in found
    )
    with pytest.raises(BluegreenError, match="launches in eu-west-1c, which"):
        check_zones(GROUP, [balancer("eu-west-1a")])


def test_the_first_group_has_subnets_only() -> None:
    subnets = [{"SubnetId": "subnet-3", "AvailabilityZone": "eu-west-1c"}]
    first = {"AutoScalingGroupName": "web-blue-v001", "VPCZoneIdentifier": "subnet-3"}
    assert len(find_foreign_zones(first, subnets, [balancer("eu-west-1a"), balancer("eu-west-1c")])) == 1
