# SPDX-License-Identifier: GPL-3.0-or-later
"""Which services a run that fails speaks for, as their batches may never begin."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.action.outcome import later_hosts


@pytest.mark.parametrize(
    ("hosts", "batch", "later"),
    [
        (["a", "b", "c", "d"], ["a", "b"], ["c", "d"]),
        (["a", "c", "d"], ["a"], ["c", "d"]),  # b, of the same batch, has failed, and has an outcome of its own
        (["a", "b"], ["a", "b"], []),
    ],
)
def test_only_hosts_of_later_batches(hosts: list[str], batch: list[str], later: list[str]) -> None:
    variables: dict[str, Any] = {"ansible_play_hosts": hosts, "ansible_play_batch": batch}
    assert later_hosts(variables) == later
