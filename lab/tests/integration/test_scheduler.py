# SPDX-License-Identifier: GPL-3.0-or-later
"""EventBridge Scheduler: what it refuses, and that it calls what a schedule names, at its minute."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually, refusal

from .names import Zone

MODIFY = "arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:modifyListener"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
MAY = {"Effect": "Allow", "Action": ["elasticloadbalancing:ModifyListener"], "Resource": "*"}


class Schedules:
    """``schedules.asked()`` is a request that is fine; what differs is given."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.client = scene, scene.lab.client("scheduler")
        self.iam = scene.lab.client("iam")
        self.group = Scene.name("schedules")
        self.client.create_schedule_group(Name=self.group)
        self.role = self.made_role(TRUST, MAY)

    def made_role(self, trust: dict[str, Any], *may: dict[str, Any]) -> str:
        name = Scene.name("role")
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
        if may:
            document = {"Version": "2012-10-17", "Statement": list(may)}
            self.iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=json.dumps(document))
        return str(role["Arn"])

    def asked(self, at: datetime | None = None, target: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        due = at or datetime.now(UTC) + timedelta(hours=1)
        listener = {"ListenerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/x/1/2"}
        standing = {"Arn": MODIFY, "RoleArn": self.role, "Input": json.dumps(listener)}
        return {
            "Name": Scene.name("schedule"),
            "GroupName": self.group,
            "ScheduleExpression": f"at({due:%Y-%m-%dT%H:%M:%S})",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": standing | (target or {}),
        } | more

    def names(self) -> list[str]:
        return [each["Name"] for each in self.client.list_schedules(GroupName=self.group)["Schedules"]]


@pytest.fixture
def schedules(scene: Scene) -> Iterator[Schedules]:
    made = Schedules(scene)
    yield made
    for name in made.names():
        made.client.delete_schedule(Name=name, GroupName=made.group)


def minute(seconds: float = 1.0) -> datetime:
    """The next one that is at least this many seconds away."""
    return (datetime.now(UTC) + timedelta(seconds=seconds + 59)).replace(second=0, microsecond=0)


def test_a_schedule_is_made_replaced_and_deleted(schedules: Schedules) -> None:
    client, asked = schedules.client, schedules.asked(Description="first")
    client.create_schedule(**asked)
    named = {"Name": asked["Name"], "GroupName": schedules.group}
    assert client.get_schedule(**named)["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 185
    again = {key: asked[key] for key in ("Name", "GroupName", "FlexibleTimeWindow", "Target")}
    client.update_schedule(**again, ScheduleExpression="at(2040-01-01T00:00:00)")
    found = client.get_schedule(**named)
    assert found["ScheduleExpression"] == "at(2040-01-01T00:00:00)"
    assert (found.get("Description"), found["ActionAfterCompletion"]) == (None, "NONE")
    client.delete_schedule(**named)
    assert refusal(client.get_schedule, **named) == "ResourceNotFoundException"
    assert refusal(client.delete_schedule, **named) == "ResourceNotFoundException"
    assert refusal(client.update_schedule, **asked) == "ResourceNotFoundException"


def test_a_request_with_its_token_can_be_made_again(schedules: Schedules) -> None:
    asked = schedules.asked(ClientToken="one")
    first = schedules.client.create_schedule(**asked)["ScheduleArn"]
    assert schedules.client.create_schedule(**asked)["ScheduleArn"] == first
    assert refusal(schedules.client.create_schedule, **asked | {"ClientToken": "two"}) == "ConflictException"


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("at(2020-01-01T00:00:00)", "must be in the future"),
        ("at(2040-01-01 00:00)", "Invalid Schedule Expression"),
        ("at(2040-13-01T00:00:00)", "Invalid Schedule Expression"),
        ("2040-01-01T00:00:00", "Invalid Schedule Expression"),
    ],
)
def test_expressions_that_are_wrong_are_refused(schedules: Schedules, expression: str, why: str) -> None:
    with pytest.raises(ClientError, match=why):
        schedules.client.create_schedule(**schedules.asked(ScheduleExpression=expression))


def test_a_minute_that_has_begun_is_refused(schedules: Schedules) -> None:
    """It might be over already: a time within it is no better than its beginning."""
    with pytest.raises(ClientError, match="must be in the future"):
        schedules.client.create_schedule(**schedules.asked(at=datetime.now(UTC).replace(second=59)))


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ({"Arn": "arn:aws:scheduler:::aws-sdk:elbv2:modifyListener"}, "elbv2 is not a supported service"),
        ({"Arn": MODIFY.replace("modify", "Modify")}, "not a supported api"),
        ({"Arn": MODIFY.replace("modifyListener", "describeListeners")}, "not a supported api"),
        ({"Input": json.dumps({"listenerArn": "x"})}, "The field listenerArn is not supported"),
        ({"Input": json.dumps({"DefaultActions": []})}, "missing the following field.s.: ListenerArn"),
        ({"Input": "{"}, "Invalid RequestJson"),
        ({"RetryPolicy": {"MaximumRetryAttempts": 186}}, "MaximumRetryAttempts|Member must"),
    ],
)
def test_targets_that_are_wrong_are_refused(schedules: Schedules, target: dict[str, Any], why: str) -> None:
    with pytest.raises(ClientError, match=why):
        schedules.client.create_schedule(**schedules.asked(target=target))


def test_names_in_the_input_are_those_of_the_sdk_for_java(schedules: Schedules) -> None:
    arn = "arn:aws:scheduler:::aws-sdk:route53:changeResourceRecordSets"
    alias = {"HostedZoneId": "Z1", "DNSName": "example.com", "EvaluateTargetHealth": False}

    def given(alias: dict[str, Any], **record: Any) -> dict[str, Any]:
        fields = {"Name": "www.example.com", "Type": "A", "AliasTarget": alias, **record}
        batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": fields}]}
        return schedules.asked(target={"Arn": arn, "Input": json.dumps({"HostedZoneId": "Z1", "ChangeBatch": batch})})

    with pytest.raises(ClientError, match="field DNSName is not supported"):
        schedules.client.create_schedule(**given(alias))
    alias["DnsName"] = alias.pop("DNSName")
    with pytest.raises(ClientError, match="field TTL is not supported"):
        schedules.client.create_schedule(**given(alias, TTL=60))
    schedules.client.create_schedule(**given(alias, Ttl=60))


def test_a_role_that_does_not_exist_or_trust_the_scheduler_is_refused(schedules: Schedules) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    for arn in ("arn:aws:iam::123456789012:role/nobody", schedules.made_role(TRUST | {"Statement": [trust]})):
        with pytest.raises(ClientError, match="must allow AWS EventBridge Scheduler to assume the role"):
            schedules.client.create_schedule(**schedules.asked(target={"RoleArn": arn}))


def test_a_group_that_does_not_exist_and_a_name_that_is_taken_or_wrong_are_refused(schedules: Schedules) -> None:
    create, asked = schedules.client.create_schedule, schedules.asked()
    assert refusal(create, **asked | {"GroupName": "nowhere"}) == "ResourceNotFoundException"
    create(**asked)
    assert refusal(create, **asked) == "ConflictException"
    assert refusal(create, **asked | {"Name": "a b"}) == "ValidationException"
    assert refusal(schedules.client.get_schedule_group, Name="nowhere") == "ResourceNotFoundException"
    assert refusal(schedules.client.create_schedule_group, Name=schedules.group) == "ConflictException"


@pytest.mark.thorough
def test_a_schedule_calls_at_its_minute_and_is_gone(schedules: Schedules, lab: LabProcess) -> None:
    """One that may not, one that is wrong and one that fails at first are over as well. One that stays calls once."""
    zone = Zone(lab)
    zone.change(CREATE=[zone.record()])
    record = zone.record(value="192.0.2.9")
    record["Ttl"] = record.pop("TTL")
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    target = {
        "Arn": "arn:aws:scheduler:::aws-sdk:route53:changeResourceRecordSets",
        "Input": json.dumps({"HostedZoneId": zone.id, "ChangeBatch": batch}),
        "RoleArn": schedules.made_role(TRUST, MAY | {"Action": "route53:ChangeResourceRecordSets"}),
    }
    due = minute()
    lab.fault(operation="ChangeResourceRecordSets", error="ServiceUnavailable")
    schedules.client.create_schedule(**schedules.asked(at=due, target=target))
    schedules.client.create_schedule(**schedules.asked(at=due, target=target | {"RoleArn": schedules.role}))
    schedules.client.create_schedule(**schedules.asked(at=due))
    stays = schedules.asked(at=due, target=target, ActionAfterCompletion="NONE")
    schedules.client.create_schedule(**stays)
    began = time.time()

    def made() -> list[dict[str, Any]]:
        return [call for call in lab.calls(began) if "AmazonEventBridgeScheduler" in call["user_agent"]]

    eventually(schedules.names, lambda left: left == [stays["Name"]], 150)
    calls = eventually(made, lambda found: len(found) == 4)
    assert sorted(call["operation"] for call in calls) == [*["ChangeResourceRecordSets"] * 3, "ModifyListener"]
    assert min(call["time"] for call in calls) >= due.timestamp()
    listed = lab.client("route53").list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    assert {"Value": "192.0.2.9"} in [value for each in listed for value in each["ResourceRecords"]]
