# SPDX-License-Identifier: GPL-3.0-or-later
"""The CloudWatch API of the lab: its own operations on alarms and metrics, and moto's on everything else."""

from .alarm_responses import AlarmOperations
from .metric_responses import MetricOperations


class LabCloudWatchResponse(AlarmOperations, MetricOperations):
    pass
