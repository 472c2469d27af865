# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate takes of an account's quotas."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.quotas import (
    ON_DEMAND,
    SPOT,
    Quota,
    code_of,
    markets_of,
    no_group_left,
    quota_of,
    too_few_addresses,
    too_many_targets,
    vcpus_at_least,
)

SMALL = {"InstanceType": "t3.small", "VCpuInfo": {"DefaultVCpus": 2}}
LARGE = {"InstanceType": "m5.4xlarge", "VCpuInfo": {"DefaultVCpus": 16}}


@pytest.mark.parametrize(
    ("instance_type", "market", "code"),
    [
        ("t3.small", ON_DEMAND, "L-1216C47A"),
        ("im4gn.large", SPOT, "L-34B43A08"),
        ("g5.xlarge", ON_DEMAND, "L-DB2E81BA"),
        ("vt1.3xlarge", SPOT, "L-3819A6DF"),
        ("p4d.24xlarge", ON_DEMAND, "L-417A185B"),
        ("inf2.xlarge", ON_DEMAND, None),
        ("hpc7g.4xlarge", ON_DEMAND, None),
        ("mac2.metal", ON_DEMAND, None),
        ("u-6tb1.metal", ON_DEMAND, None),
    ],
)
def test_the_quota_of_a_family(instance_type: str, market: str, code: str | None) -> None:
    assert code_of(instance_type, market) == code


@pytest.mark.parametrize(
    ("distribution", "markets"),
    [
        ({}, {ON_DEMAND}),
        ({"OnDemandPercentageAboveBaseCapacity": 100}, {ON_DEMAND}),
        ({"OnDemandPercentageAboveBaseCapacity": 0, "OnDemandBaseCapacity": 4}, {ON_DEMAND}),
        ({"OnDemandPercentageAboveBaseCapacity": 0, "OnDemandBaseCapacity": 3}, {ON_DEMAND, SPOT}),
        ({"OnDemandPercentageAboveBaseCapacity": 50}, {ON_DEMAND, SPOT}),
        ({"OnDemandPercentageAboveBaseCapacity": 0, "OnDemandBaseCapacity": 0}, {SPOT}),
    ],
)
def test_a_mixed_policy_decides_the_market(distribution: dict[str, Any], markets: set[str]) -> None:
    policy = {"LaunchTemplate": {}, "InstancesDistribution": distribution}
    assert markets_of({"MixedInstancesPolicy": policy}, {}, desired=4) == markets


@pytest.mark.parametrize(
    ("data", "market"),
    [({}, ON_DEMAND), ({"InstanceMarketOptions": {"MarketType": "spot"}}, SPOT), ({"SpotPrice": "0.02"}, SPOT)],
)
def test_without_one_the_launch_data_says_the_market(data: dict[str, Any], market: str) -> None:
    assert markets_of({}, data, desired=4) == {market}


@pytest.mark.parametrize(
    ("types", "markets", "why"),
    [
        ([], {ON_DEMAND}, "it names no instance type"),
        (["t3.small", "inf2.xlarge"], {ON_DEMAND}, "inf2.xlarge (on-demand) is not known"),
        (["p4d.24xlarge"], {SPOT}, "p4d.24xlarge (spot) is not known"),
        (["t3.small"], {ON_DEMAND, SPOT}, "On-Demand Instances and Spot Instances"),
        (["t3.small", "g5.xlarge"], {ON_DEMAND}, "several (L-1216C47A, L-DB2E81BA)"),
    ],
)
def test_it_is_told_why_no_quota_can_be_judged(types: list[str], markets: set[str], why: str) -> None:
    with pytest.raises(BluegreenError) as raised:
        quota_of("web-blue-v001", types, markets)
    assert "web-blue-v001" in str(raised.value)
    assert why in str(raised.value)


def test_one_quota_for_all_is_judged() -> None:
    assert quota_of("web-blue-v001", ["t3.small", "m5.large"], {SPOT}) == "L-34B43A08"


def test_the_type_that_takes_least_is_counted() -> None:
    overrides = [{"InstanceType": "t3.small"}, {"InstanceType": "m5.4xlarge", "WeightedCapacity": "16"}]
    group = {"MixedInstancesPolicy": {"LaunchTemplate": {"Overrides": overrides}}}
    assert vcpus_at_least({}, 3, [SMALL]) == 6
    assert vcpus_at_least(group, 17, [SMALL, LARGE]) == 32
    assert vcpus_at_least(group, 17, []) == 0


@pytest.mark.parametrize(("most", "used", "lacks"), [(12, 6, False), (11, 6, True), (11, None, True), (12, 7, True)])
def test_what_runs_is_in_use_even_if_aws_does_not_tell(most: float, used: float | None, lacks: bool) -> None:
    assert bool(Quota("Standard", most, used).lacks("web-blue-v001", needed=6, running=6)) is lacks


def test_one_more_group_must_be_allowed() -> None:
    assert no_group_left({"MaxNumberOfAutoScalingGroups": 2, "NumberOfAutoScalingGroups": 1}) == []
    (said,) = no_group_left({"MaxNumberOfAutoScalingGroups": 2, "NumberOfAutoScalingGroups": 2})
    assert "may have 2" in said


def test_addresses_of_all_subnets_count_together() -> None:
    subnets = [{"SubnetId": "subnet-a", "AvailableIpAddressCount": 1}, {"SubnetId": "subnet-b"}]
    subnets[1]["AvailableIpAddressCount"] = 4
    assert too_few_addresses("web-blue-v001", 5, subnets) == []
    (said,) = too_few_addresses("web-blue-v001", 6, subnets)
    assert "5 free (subnet-a 1, subnet-b 4)" in said


@pytest.mark.parametrize(
    ("kind", "targets", "reported"), [("app", 1000, False), ("app", 1001, True), ("net", 1001, False)]
)
def test_both_groups_are_targets_of_each_load_balancer(kind: str, targets: int, reported: bool) -> None:
    prefix = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
    routes = [f"{prefix}:listener/{kind}/web/1/2", f"{prefix}:listener-rule/{kind}/web/1/2/3"]
    limits = {"targets-per-application-load-balancer": 1000, "targets-per-network-load-balancer": 3000}
    found = too_many_targets(routes, targets, limits)
    assert [f"{prefix}:loadbalancer/{kind}/web/1 may have 1000 targets" in each for each in found] == [True] * reported
