# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of instances: how they are asked for."""

from __future__ import annotations

import pytest

from switchyard_lab.control.instance_faults import InstanceFault, instance_fault


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"action": "crash"}, InstanceFault(signal="KILL")),
        ({"action": "hang"}, InstanceFault(signal="STOP")),
        ({"action": "resume"}, InstanceFault(signal="CONT", heals=True)),
        ({"action": "slow", "latency_ms": 250}, InstanceFault(behavior={"latency_ms": 250.0})),
        ({"action": "errors", "error_percent": 30}, InstanceFault(behavior={"error_percent": 30.0})),
        ({"action": "errors"}, InstanceFault(behavior={"error_percent": 100.0})),
        ({"action": "unhealthy"}, InstanceFault(behavior={"health": "fail"})),
    ],
)
def test_an_instance_fault_is_asked_for_by_its_action(request_: dict[str, object], expected: InstanceFault) -> None:
    assert instance_fault(request_) == expected


def test_an_unknown_action_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'dance': crash, hang"):
        instance_fault({"action": "dance"})
