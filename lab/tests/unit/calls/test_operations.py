# SPDX-License-Identifier: GPL-3.0-or-later
"""The name of an operation is found in the request, whatever the service's protocol."""

from __future__ import annotations

import pytest

from switchyard_lab.calls.operations import Operation, operation_of


def signed(service: str, **environ: str) -> dict[str, str]:
    scope = f"AWS4-HMAC-SHA256 Credential=lab/20260101/eu-west-1/{service}/aws4_request, SignedHeaders=host"
    return {"HTTP_AUTHORIZATION": scope, "REQUEST_METHOD": "POST", "PATH_INFO": "/", **environ}


@pytest.mark.parametrize(
    ("environ", "body", "expected"),
    [
        (
            signed("elasticloadbalancing"),
            b"Action=ModifyListener&Version=2015-12-01&ListenerArn=x",
            Operation("elbv2", "ModifyListener"),
        ),
        (
            signed("elasticloadbalancing"),
            b"Action=DescribeLoadBalancers&Version=2012-06-01",
            Operation("elasticloadbalancing", "DescribeLoadBalancers"),
        ),
        (signed("ec2"), b"Action=RunInstances&Version=2016-11-15", Operation("ec2", "RunInstances")),
        (
            signed("dynamodb", HTTP_X_AMZ_TARGET="DynamoDB_20120810.PutItem"),
            b"{}",
            Operation("dynamodb", "PutItem"),
        ),
        (
            signed("monitoring", PATH_INFO="/service/GraniteServiceVersion20100801/operation/PutMetricAlarm"),
            b"",
            Operation("cloudwatch", "PutMetricAlarm"),
        ),
        (
            signed("route53", PATH_INFO="/2013-04-01/hostedzone/Z1/rrset"),
            b"<xml/>",
            Operation("route53", "ChangeResourceRecordSets"),
        ),
        (
            signed("route53", REQUEST_METHOD="GET", PATH_INFO="/2013-04-01/hostedzone/Z1/rrset"),
            b"",
            Operation("route53", "ListResourceRecordSets"),
        ),
        ({"PATH_INFO": "/", "REQUEST_METHOD": "GET"}, b"", Operation("unknown", "Unknown")),
        (  # nobody signs it
            {"REQUEST_METHOD": "POST", "PATH_INFO": "/"},
            b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15&WebIdentityToken=t",
            Operation("sts", "AssumeRoleWithWebIdentity"),
        ),
    ],
)
def test_operations_have_names(environ: dict[str, str], body: bytes, expected: Operation) -> None:
    assert operation_of(environ, body) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DescribeListeners", "read"),
        ("GetItem", "read"),
        ("ListHostedZones", "read"),
        ("ModifyListener", "write"),
        ("PutItem", "write"),
        ("CreateTags", "write"),
    ],
)
def test_reads_and_writes_are_told_apart(name: str, kind: str) -> None:
    assert Operation("any", name).kind == kind
