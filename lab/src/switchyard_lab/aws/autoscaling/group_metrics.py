# SPDX-License-Identifier: GPL-3.0-or-later
"""The sizes of groups as CloudWatch hears of them: each minute, where the collection is enabled ("Amazon CloudWatch
metrics for Amazon EC2 Auto Scaling" in the user guide)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..cloudwatch.metrics import Metric, MetricStore, Statistics

if TYPE_CHECKING:
    from .group import LabGroup

NAMESPACE, DIMENSION = "AWS/AutoScaling", "AutoScalingGroupName"
ALL_METRICS = (
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
)


def publish(store: MetricStore, at: float, group: LabGroup) -> None:
    sizes = _sizes(group)
    for name in group.metrics:
        if name in sizes:
            metric = Metric(NAMESPACE, name, frozenset({(DIMENSION, group.name)}))
            store.record(metric, at, Statistics.of(sizes[name]), "None")


def _sizes(group: LabGroup) -> Mapping[str, int]:
    states = [member.lifecycle_state.partition(":")[0] for member in group.instances]
    return {
        "GroupMinSize": group.min_size or 0,
        "GroupMaxSize": group.max_size or 0,
        "GroupDesiredCapacity": group.desired_capacity or 0,
        "GroupInServiceInstances": states.count("InService"),
        "GroupPendingInstances": states.count("Pending"),
        "GroupStandbyInstances": states.count("Standby"),
        "GroupTerminatingInstances": states.count("Terminating"),
        "GroupTotalInstances": len(states),
    }
