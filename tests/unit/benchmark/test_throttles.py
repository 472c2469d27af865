# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulation of services that begin together."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import SECONDS

from tests.benchmark.throttles import simulate


@pytest.mark.parametrize("services", [10, 20, 50, 100])
@pytest.mark.parametrize("seed", [1, 2])
def test_no_release_ends_by_a_throttle_and_none_loses_its_lease_for_it(services: int, seed: int) -> None:
    fleet = simulate(services, paced=True, seed=seed)
    assert len(fleet.took) == services
    assert fleet.silent < SECONDS


def test_without_turns_releases_of_fifty_would() -> None:
    assert simulate(50, paced=False).lost


def test_turns_take_no_longer_than_the_account_has_calls_for() -> None:
    """It gets ten calls a second."""
    fleet = simulate(50, paced=True)
    assert fleet.ended < 2 * fleet.calls / 10
