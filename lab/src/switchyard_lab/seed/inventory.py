# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of the sample services."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

MINUTE = 60
REPORT_SECONDS = 1.5  # that a report of the data plane takes, at any speed

Timing = Mapping[str, int]
WITHOUT_LAG: Timing = {
    "bluegreen_metrics_lag": 0,
    "bluegreen_propagation_timeout": 10,  # a minute of CloudWatch is 3 s, at the speed of most of the labs
    "bluegreen_final_bake_seconds": 1,
}


def timing(speed: float, lag: float) -> Timing:
    """How long a release has to wait for metrics in a lab of this LAB_SPEED and LAB_METRIC_LAG."""
    if not lag:
        return WITHOUT_LAG
    late = lag / speed + REPORT_SECONDS
    return {
        "bluegreen_metrics_lag": math.ceil(late),
        "bluegreen_propagation_timeout": max(10, math.ceil(3 * MINUTE / speed + late)),
        # A minute in which the bake began, one of the new release alone, and some time until its alarm is read.
        "bluegreen_final_bake_seconds": math.ceil(2.5 * MINUTE / speed + late),
    }


def write_inventory(
    path: Path, services: Mapping[str, dict[str, Any]], images: Mapping[str, str], timing: Timing | None = None
) -> None:
    """A deploy names a release; the inventory finds its image."""
    shared = {
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "bluegreen_images": dict(images),
        **(timing or WITHOUT_LAG),
        "bluegreen_image_id": "{{ bluegreen_images[bluegreen_release] }}",
    }
    inventory = {"bluegreen": {"hosts": dict(services), "vars": shared}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n" + yaml.safe_dump(inventory, sort_keys=False), encoding="utf-8")
