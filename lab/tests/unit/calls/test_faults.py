# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of API calls: how they are asked for, and that each is used up."""

from __future__ import annotations

import json

import pytest

from switchyard_lab.calls.faults import ApiFault, ApiFaults, api_fault


def test_a_fault_is_used_up_by_the_calls_that_it_hits() -> None:
    faults = ApiFaults()
    fault = ApiFault()
    faults.add("ModifyListener", 2, fault)
    assert faults.take("DescribeListeners") is None
    assert [faults.take("ModifyListener") for _call in range(3)] == [fault, fault, None]


def test_a_fault_of_any_write_waits_for_one() -> None:
    faults, fault = ApiFaults(), ApiFault(silent=True)
    faults.add("*", 1, fault)
    assert faults.take("DescribeListeners", "read") is None
    assert faults.take("ModifyListener", "write") == fault
    assert faults.take("ModifyListener", "write") is None


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({}, ApiFault("Throttling", "Rate exceeded", 400)),
        ({"error": "RequestLimitExceeded"}, ApiFault("RequestLimitExceeded", "Rate exceeded", 503)),
        ({"silent": True}, ApiFault(silent=True)),
        ({"lost": True}, ApiFault(lost=True)),
        ({"reset": True}, ApiFault(reset=True)),
        ({"html": True}, ApiFault(html=True)),
        ({"error": "Broken", "message": "why", "status": 500}, ApiFault("Broken", "why", 500)),
    ],
)
def test_an_api_fault_is_asked_for_by_its_error(request_: dict[str, object], expected: ApiFault) -> None:
    assert api_fault(request_) == expected


def test_each_protocol_spells_an_error_in_its_own_way() -> None:
    fault = ApiFault("Denied", "not <you>")
    assert json.loads(fault.response("dynamodb", json_protocol=True)[2]) == {"__type": "Denied", "message": "not <you>"}
    assert b"<ErrorResponse><Error><Type>Sender</Type><Code>Denied</Code>" in fault.response("elbv2", False)[2]
    assert b"<Response><Errors><Error><Code>Denied</Code>" in fault.response("ec2", False)[2]
    assert b"<Error><Code>Denied</Code>" in fault.response("s3", json_protocol=True)[2]
    assert b"not &lt;you&gt;" in fault.response("ec2", False)[2]


@pytest.mark.parametrize(
    ("word", "service", "code", "status"),
    [
        ("throttled", "elbv2", "Throttling", 400),
        ("throttled", "ec2", "RequestLimitExceeded", 503),
        ("internal", "scheduler", "InternalServerException", 500),
        ("denied", "ec2", "UnauthorizedOperation", 403),
        ("denied", "s3", "AccessDenied", 403),
        ("expired", "autoscaling", "ExpiredToken", 403),
    ],
)
def test_each_api_has_its_own_words(word: str, service: str, code: str, status: int) -> None:
    answered, kind, body = api_fault({"error": word}).response(service, json_protocol=False)
    assert (answered, code in body.decode()) == (status, True)
    assert ("json" in kind) == (service == "scheduler"), "a request without a body has no type of it"


def test_credentials_that_expire_are_refused_from_then_on() -> None:
    """Those of others are not."""
    faults = ApiFaults()
    faults.add("ModifyListener", 1, api_fault({"error": "expired"}))
    assert faults.take("DescribeListeners", key="old") is None
    assert [faults.take(name, key="old") for name in ("ModifyListener", "DescribeTags")] == [
        api_fault({"error": "expired"})
    ] * 2
    assert faults.take("ModifyListener", key="new") is None
