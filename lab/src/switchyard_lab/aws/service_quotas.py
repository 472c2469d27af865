# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas: the few quotas that a release can meet. moto knows those of VPC only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.responses import ServiceQuotasResponse

from ..settings import REGION
from .cloudwatch import usage_metrics
from .ec2.limits import Ec2Limits

VCPUS = "L-1216C47A"


@dataclass(frozen=True)
class Quota:
    service: str
    code: str
    name: str
    default: float
    usage: Mapping[str, Any] | None = None  # the metric that tells how much of it is in use

    def described(self, value: float) -> dict[str, Any]:
        return {
            "ServiceCode": self.service,
            "QuotaCode": self.code,
            "QuotaName": self.name,
            "Value": value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
            "QuotaArn": f"arn:aws:servicequotas:{REGION}:123456789012:{self.service}/{self.code}",
            **({"UsageMetric": self.usage} if self.usage else {}),
        }


# The values are the defaults of a new account; not read from AWS.
QUOTAS = (
    Quota("ec2", VCPUS, "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5, usage_metrics.VCPUS),
    Quota("ec2", "L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 5),
    Quota("autoscaling", "L-CDE20ADC", "Auto Scaling groups per region", 500),
    Quota("autoscaling", "L-6B80B8FA", "Launch configurations per region", 200),
    Quota("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", 50),
    Quota("elasticloadbalancing", "L-B22855CB", "Target Groups per Region", 3000),
    Quota("elasticloadbalancing", "L-7E6692B2", "Targets per Application Load Balancer", 1000),
)


class LabServiceQuotasResponse(ServiceQuotasResponse):
    limits: ClassVar[Ec2Limits]

    def get_service_quota(self) -> str:
        """The applied value."""
        code = json.loads(self.body)["QuotaCode"]
        quota = next((each for each in self._quotas() if each.code == code), None)
        if quota is None:
            raise NoSuchResource
        return json.dumps({"Quota": quota.described(self._applied(quota))})

    def list_service_quotas(self) -> str:
        return json.dumps({"Quotas": [quota.described(self._applied(quota)) for quota in self._quotas()]})

    def list_aws_default_service_quotas(self) -> str:
        return json.dumps({"Quotas": [quota.described(quota.default) for quota in self._quotas()]})

    def _quotas(self) -> list[Quota]:
        found = [quota for quota in QUOTAS if quota.service == json.loads(self.body)["ServiceCode"]]
        if not found:
            raise NoSuchResource
        return found

    def _applied(self, quota: Quota) -> float:
        return self.limits.vcpus if quota.code == VCPUS else quota.default
