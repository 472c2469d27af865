# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample service behind a Network Load Balancer."""

from __future__ import annotations

from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.seed.account import Account
from switchyard_lab.seed.inventory import write_inventory
from switchyard_lab.seed.resources import dimension
from switchyard_lab.seed.service import SampleService
from tests.sample import SERVICE, Sample


class NetworkService(SampleService):
    balancer_type, protocol = "network", "TCP"

    def _alarm(self, balancer_arn: str, color: str) -> None:
        """Of a target group, a Network Load Balancer counts no requests, only its healthy and its unhealthy targets."""
        self._client("cloudwatch").put_metric_alarm(
            AlarmName=f"{self.name}-{color}-5xx",
            Namespace="AWS/NetworkELB",
            MetricName="UnHealthyHostCount",
            Dimensions=[dimension(balancer_arn), dimension(self._target_groups[color])],
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
        )


def network_sample(lab: LabProcess) -> Sample:
    """In a lab without seed."""
    account = Account(lab.endpoint, lab.info()["cidr"])
    images = account.images()
    service = NetworkService(SERVICE, account, account.network(), images)
    service.await_healthy()
    definition: dict[str, Any] = service.definition()
    write_inventory(lab.inventory, {SERVICE: definition}, images)
    return Sample(lab)
