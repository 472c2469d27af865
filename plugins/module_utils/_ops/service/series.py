# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what load balancers counted for a service over a time."""

from __future__ import annotations

from ..._aws.bake import cloudwatch
from ..._aws.traffic import elbv2
from ..._core.bake.metric_data import read
from ..._core.bake.traffic_series import counted, period_of_age, queries, series_of
from ..._core.base.timestamps import utc
from ..._core.history.series import Series
from ..._core.traffic.pairs import Named
from ..base.run import Run
from ..traffic.named_groups import find_pairs

AROUND = 5  # periods before and after, to compare with


def read_series(run: Run, target_groups: Named, began: float, ended: float) -> Series | None:
    """None where no load balancer counts requests."""
    arns = find_pairs(run, target_groups)
    every = [arn for its in arns.values() for arn in its]
    groups = counted(arns, elbv2.describe_target_groups_by_arn(run.client("elbv2"), every))
    if not groups:
        return None
    period = period_of_age(run.clock.now() - began + AROUND * 60)
    start, end = (utc(each) for each in (began - AROUND * period, ended + AROUND * period))
    results = cloudwatch.get_metric_data(run.client("cloudwatch"), queries(groups, period), start, end)
    return series_of(groups, period, read(results))
