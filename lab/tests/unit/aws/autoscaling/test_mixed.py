# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS fills into a mixed instances policy, and how it splits the capacity."""

from __future__ import annotations

from typing import Any

import pytest
from moto.autoscaling.exceptions import ValidationError
from moto.ec2.models import EC2Backend

from switchyard_lab.aws.autoscaling.mixed import completed, on_demand_units

DEFAULTS: dict[str, Any] = {
    "OnDemandAllocationStrategy": "prioritized",
    "OnDemandBaseCapacity": 0,
    "OnDemandPercentageAboveBaseCapacity": 100,
    "SpotAllocationStrategy": "lowest-price",
    "SpotInstancePools": 2,
}


@pytest.fixture(scope="module")
def ec2() -> EC2Backend:
    return EC2Backend("eu-west-1", "123456789012")


def distribution(ec2: EC2Backend, asked: dict[str, Any], known: dict[str, Any] | None = None) -> dict[str, Any]:
    found = completed({"InstancesDistribution": asked}, {"InstancesDistribution": known or {}}, ec2)
    return dict(found["InstancesDistribution"])


def test_what_is_left_out_is_the_default(ec2: EC2Backend) -> None:
    assert distribution(ec2, {}) == DEFAULTS
    assert distribution(ec2, {"OnDemandBaseCapacity": 3, "SpotMaxPrice": "0.5"}) == DEFAULTS | {
        "OnDemandBaseCapacity": 3,
        "SpotMaxPrice": "0.5",
    }


def test_types_by_attributes_are_taken_by_their_price(ec2: EC2Backend) -> None:
    policy = {"LaunchTemplate": {"Overrides": [{"InstanceRequirements": {"VCpuCount": {"Min": 2}}}]}}
    assert completed(policy, {}, ec2)["InstancesDistribution"]["OnDemandAllocationStrategy"] == "lowest-price"


def test_pools_belong_to_the_lowest_price(ec2: EC2Backend) -> None:
    optimized = {"SpotAllocationStrategy": "price-capacity-optimized"}
    assert "SpotInstancePools" not in distribution(ec2, optimized, known=DEFAULTS)
    with pytest.raises(ValidationError):
        distribution(ec2, optimized | {"SpotInstancePools": 3})


def test_an_update_keeps_what_it_does_not_name(ec2: EC2Backend) -> None:
    known = DEFAULTS | {"OnDemandBaseCapacity": 3, "SpotMaxPrice": "0.5"}
    assert distribution(ec2, {"SpotMaxPrice": ""}, known) == DEFAULTS | {"OnDemandBaseCapacity": 3}


@pytest.mark.parametrize(
    ("base", "percent", "desired", "units"),
    [
        (10, 50, 10, 10),
        (10, 50, 20, 15),
        (10, 50, 40, 25),
        (0, 0, 30, 0),
        (0, 60, 40, 24),
        (12, 0, 10, 10),
        (12, 0, 40, 12),
        (0, 50, 5, 3),
        (1, 33, 3, 2),
    ],
)
def test_the_capacity_is_split_as_in_the_user_guide(base: int, percent: int, desired: int, units: int) -> None:
    """Its table, and fractions, which are rounded up."""
    policy = {
        "InstancesDistribution": {"OnDemandBaseCapacity": base, "OnDemandPercentageAboveBaseCapacity": percent},
    }
    assert on_demand_units(policy, desired) == units
    assert on_demand_units(None, desired) == desired
