# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab does not imitate is refused, in each protocol, with a sentence that names it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from switchyard_lab.client import LabProcess


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "sentence"),
    [
        ("dynamodb", "list_tables", {}, "InvalidAction", "ListTables of dynamodb"),
        ("elbv2", "describe_trust_stores", {}, "InvalidAction", "DescribeTrustStores of elbv2"),
        (
            "elbv2",
            "modify_target_group_attributes",
            {
                "TargetGroupArn": "arn",
                "Attributes": [{"Key": "load_balancing.algorithm.type", "Value": "weighted_random"}],
            },
            "ValidationError",
            "ModifyTargetGroupAttributes Attributes[load_balancing.algorithm.type].Value=weighted_random",
        ),
        (
            "autoscaling",
            "start_instance_refresh",
            {"AutoScalingGroupName": "shop", "Strategy": "ReplaceRootVolume"},
            "ValidationError",
            "StartInstanceRefresh Strategy=ReplaceRootVolume",
        ),
        ("ec2", "describe_vpcs", {"MaxResults": 5}, "UnsupportedOperation", "DescribeVpcs MaxResults"),
        (
            "route53",
            "create_health_check",
            {"CallerReference": "x", "HealthCheckConfig": {"Type": "CALCULATED"}},
            "InvalidInput",
            "CreateHealthCheck HealthCheckConfig.Type=CALCULATED",
        ),
        (
            "scheduler",
            "list_schedule_groups",
            {"NamePrefix": "x"},
            "ValidationException",
            "ListScheduleGroups NamePrefix",
        ),
        ("s3", "put_object", {"Bucket": "b", "Key": "k", "ACL": "private"}, "NotImplemented", "PutObject ACL"),
    ],
)
def test_it_is_named(
    lab: LabProcess, service: str, operation: str, parameters: dict[str, Any], code: str, sentence: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(lab.client(service), operation)(**parameters)
    error = refused.value.response["Error"]
    assert error["Code"] == code
    assert error["Message"].startswith(f"The lab does not imitate {sentence}")
