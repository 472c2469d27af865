# SPDX-License-Identifier: GPL-3.0-or-later
"""How large a warm pool is, and what changing it keeps."""

from __future__ import annotations

from typing import Any

import pytest
from moto.autoscaling.exceptions import ValidationError

from switchyard_lab.aws.autoscaling.warm_pool import WarmPool, check_policy


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, 4),
        ({"max_group_prepared_capacity": 8}, 2),
        ({"max_group_prepared_capacity": 5}, 0),
        ({"max_group_prepared_capacity": 5, "min_size": 3}, 3),
        ({"max_group_prepared_capacity": 9, "min_size": 9}, 9),
        ({"max_group_prepared_capacity": 0}, 0),
    ],
)
def test_the_size_is_what_is_prepared_beyond_the_desired_capacity(fields: dict[str, Any], size: int) -> None:
    """Desired 6, maximum 10, as in the examples of the user guide."""
    assert WarmPool(**fields).size(6, 10) == size


def test_a_change_keeps_what_it_does_not_name() -> None:
    pool = WarmPool().changed(
        min_size=2, pool_state="Running", max_group_prepared_capacity=8, instance_reuse_policy=None
    )
    again = pool.changed(min_size=0, pool_state=None, max_group_prepared_capacity=-1)
    assert again == WarmPool(min_size=0, pool_state="Running", max_group_prepared_capacity=None)


def test_a_pool_that_is_deleted_has_no_size_and_takes_nothing_back() -> None:
    pool = WarmPool(min_size=2, instance_reuse_policy={"ReuseOnScaleIn": True})
    assert pool.reuses
    assert (pool.leaving.size(1, 9), pool.leaving.reuses) == (0, False)


@pytest.mark.parametrize(
    "policy",
    [
        {"LaunchTemplate": {"Overrides": [{"InstanceType": "m5.large", "WeightedCapacity": "2"}]}},
        {"LaunchTemplate": {}, "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 50}},
    ],
)
def test_weights_and_spot_do_not_go_with_a_pool(policy: dict[str, Any]) -> None:
    check_policy(None)
    check_policy({"LaunchTemplate": {"Overrides": [{"InstanceType": "m5.large"}]}})
    with pytest.raises(ValidationError):
        check_policy(policy)
