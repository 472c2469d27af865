# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of a call are what the caller gave its SDK, in each protocol."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest

from switchyard_lab.calls.request import Request

RECORD = {"Name": "www.example.com", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "192.0.2.1"}]}


class SentError(Exception):
    """In place of the answer."""


def sent(service: str, operation: str, parameters: dict[str, Any]) -> Request:
    """As boto3 sends it."""
    client = boto3.client(
        service,
        region_name="eu-west-1",
        aws_access_key_id="lab",
        aws_secret_access_key="lab",
        endpoint_url="http://127.0.0.1:1",
    )
    taken: list[Request] = []

    def take(request: AWSPreparedRequest, **_: Any) -> None:
        taken.append(_received(request))
        raise SentError

    client.meta.events.register("before-send", take)
    with pytest.raises(SentError):
        getattr(client, operation)(**parameters)
    return taken[0]


def _received(request: AWSPreparedRequest) -> Request:
    url, body = urlsplit(request.url), request.body or b""
    body = body.read() if hasattr(body, "read") else body
    body = body.encode() if isinstance(body, str) else body
    environ = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": url.path,
        "QUERY_STRING": url.query,
        "wsgi.url_scheme": "http",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "1",
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        text = value.decode() if isinstance(value, bytes) else value
        environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = text
    return Request.of({**environ, "CONTENT_LENGTH": str(len(body))}, body)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        (  # query
            "elbv2",
            "modify_listener",
            {"ListenerArn": "arn", "DefaultActions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": []}}]},
        ),
        ("autoscaling", "put_warm_pool", {"AutoScalingGroupName": "shop", "MinSize": 2, "PoolState": "Running"}),
        ("ec2", "run_instances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 2, "ClientToken": "x"}),
        (
            "route53",  # rest-xml
            "change_resource_record_sets",
            {
                "HostedZoneId": "Z1",
                "ChangeBatch": {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": RECORD}]},
            },
        ),
        ("ssm", "get_parameter", {"Name": "/images/shop"}),  # json
        (  # rest-json
            "scheduler",
            "create_schedule",
            {
                "Name": "return",
                "ScheduleExpression": "at(2030-01-01T00:00:00)",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {"Arn": "arn", "RoleArn": "role", "Input": "{}"},
                "ClientToken": "x",
            },
        ),
    ],
)
def test_parameters_arrive_as_they_were_given(service: str, operation: str, parameters: dict[str, Any]) -> None:
    assert sent(service, operation, parameters).parameters == parameters


def test_services_that_botocore_calls_otherwise() -> None:
    """Requests are signed for ``elasticloadbalancing``, ``servicequotas`` and ``tagging``."""
    quota = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}
    assert sent("service-quotas", "get_service_quota", quota).parameters == quota
    assert sent("elb", "describe_load_balancers", {"PageSize": 1}).parameters == {"PageSize": 1}
    assert sent("resourcegroupstaggingapi", "get_resources", {"ResourcesPerPage": 1}).parameters == {
        "ResourcesPerPage": 1
    }


def test_what_is_stored_is_not_read() -> None:
    stored = sent("s3", "put_object", {"Bucket": "history", "Key": "a/b c", "Body": b"\xff", "IfNoneMatch": "*"})
    assert (stored.operation, stored.kind) == ("PutObject", "write")
    assert {name: stored.parameters[name] for name in ("Bucket", "Key", "IfNoneMatch")} == {
        "Bucket": "history",
        "Key": "a/b c",
        "IfNoneMatch": "*",
    }


def test_an_operation_that_botocore_does_not_know_has_no_parameters() -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    assert Request.of(environ, b"Action=Dance").parameters == {}
