# SPDX-License-Identifier: GPL-3.0-or-later
"""Each answer names its request, as AWS's do; the page of a proxy does not."""

from __future__ import annotations

import pytest
from botocore.parsers import ResponseParserError

from switchyard_lab.client import LabProcess

READS = {
    "elbv2": "describe_load_balancers",
    "autoscaling": "describe_auto_scaling_groups",
    "ec2": "describe_instances",
    "cloudwatch": "describe_alarms",
    "route53": "list_hosted_zones",
    "s3": "list_buckets",
    "scheduler": "list_schedules",
    "ssm": "describe_parameters",
    "iam": "list_roles",
    "sns": "list_topics",
    "sts": "get_caller_identity",
}


@pytest.mark.parametrize("service", READS)
def test_an_answer_names_its_request(lab: LabProcess, service: str) -> None:
    headers = getattr(lab.client(service), READS[service])()["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amz-request-id" if service == "s3" else "x-amzn-requestid"]


def test_a_page_names_none(lab: LabProcess) -> None:
    lab.fault(operation="DescribeLoadBalancers", html=True)
    headers = []
    client = lab.client("elbv2")
    client.meta.events.register("before-parse", lambda response_dict, **_call: headers.append(response_dict["headers"]))
    with pytest.raises(ResponseParserError):
        client.describe_load_balancers()
    assert "x-amzn-requestid" not in headers[0]
