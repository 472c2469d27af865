# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .errors import doing

Client = Any
Item = dict[str, Any]

MOST_NAMES = 100  # DescribeAlarms takes no more names, and returns no more alarms in a page (API reference)


def describe_alarms(cloudwatch: Client, names: Sequence[str]) -> list[Item]:
    """Metric and composite alarms; those that do not exist are left out. At most ``MOST_NAMES`` names."""
    with doing(f"reading alarms {', '.join(names)}"):
        pages = cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNames=list(names),
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],  # metric alarms alone, when not said
            PaginationConfig={"PageSize": MOST_NAMES},
        )
        return [alarm for page in pages for kind in ("MetricAlarms", "CompositeAlarms") for alarm in page.get(kind, [])]
