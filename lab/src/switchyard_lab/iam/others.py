# SPDX-License-Identifier: GPL-3.0-or-later
"""What calls of the other services ask, each by its page of the Service Authorization Reference."""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from .call import ApiCall, by_key, requested, tagged
from .policy import Question


def cloudwatch(call: ApiCall) -> list[Question]:
    """Tags are given by a permission of its own: "to set tags when you create an alarm, you must have the
    cloudwatch:TagResource permission" (PutMetricAlarm in the API reference)."""
    given = call.parameters
    match call.operation:
        case "PutMetricAlarm" | "PutCompositeAlarm":
            tags, arn = requested(by_key(given.get("Tags"))), _alarm(call, given["AlarmName"])
            context = {**_alarm_tags(call, arn), **tags}
            return [call.ask(arn, context), *([call.ask(arn, context, "TagResource")] if tags else [])]
        case "DeleteAlarms" | "DescribeAlarms":
            arns = [_alarm(call, each) for each in given.get("AlarmNames") or ["*"]]
            return [call.ask(each, _alarm_tags(call, each)) for each in arns]
        case "ListTagsForResource" | "TagResource" | "UntagResource":
            arn = given["ResourceARN"]
            return [call.ask(arn, {**_alarm_tags(call, arn), **requested(by_key(given.get("Tags")))})]
    return [call.ask()]


def route53(call: ApiCall) -> list[Question]:
    """The keys of ChangeResourceRecordSets: "Using IAM policy conditions for fine-grained access control"."""
    given = call.parameters
    if call.operation == "GetChange":
        return [call.ask(f"arn:aws:route53:::change/{given['Id'].rpartition('/')[2]}")]
    zone = given.get("HostedZoneId") or given.get("Id")
    if not zone:
        return [call.ask()]
    changes = given.get("ChangeBatch", {}).get("Changes", ())
    found = [each["ResourceRecordSet"] for each in changes]
    key = f"route53:{call.operation}"
    context = {
        f"{key}NormalizedRecordNames": [each["Name"].rstrip(".").lower() for each in found],
        f"{key}RecordTypes": [each["Type"] for each in found],
        f"{key}Actions": [each["Action"] for each in changes],
    }
    return [call.ask(f"arn:aws:route53:::hostedzone/{zone.rpartition('/')[2]}", context if found else {})]


def scheduler(call: ApiCall) -> list[Question]:
    given = call.parameters
    asked = [call.ask(_schedule(call))]
    if role := given.get("Target", {}).get("RoleArn"):
        asked.append(call.pass_role(role, "scheduler.amazonaws.com"))
    return asked


def one_resource(call: ApiCall) -> list[Question]:
    """Of services each of whose calls is about the one thing that it names."""
    given: Any = call.parameters
    match call.service, call.operation:
        case "sts", "GetCallerIdentity" | "GetSessionToken":
            return []  # "No permissions are required to perform this operation" (of both, in the API reference)
        case "sts", _:
            return [call.ask(given.get("RoleArn", "*"))]
        case "iam", "GetRole":
            return [call.ask(f"arn:aws:iam::{call.account}:role/{given['RoleName']}")]
        case "iam", "SimulatePrincipalPolicy":
            return [call.ask(given["PolicySourceArn"])]
        case "sns", "Publish":
            return [call.ask(given.get("TopicArn", "*"))]
        case "ssm", "GetParameter":
            named = given["Name"]
            arn = call.arn("ssm", f"parameter/{named.lstrip('/')}")
            return [call.ask(named if named.startswith("arn:") else arn)]
        case "servicequotas", "GetServiceQuota":
            return [call.ask(call.arn("servicequotas", f"{given['ServiceCode']}/{given['QuotaCode']}"))]
    return [call.ask()]


def _alarm(call: ApiCall, name: str) -> str:
    return call.arn("cloudwatch", f"alarm:{name}")


def _alarm_tags(call: ApiCall, arn: str) -> dict[str, list[str]]:
    found = cloudwatch_backends[call.account][call.region].tagger.get_tag_dict_for_resource(arn)
    return dict(tagged(found))  # type: ignore[arg-type]


def _schedule(call: ApiCall) -> str:
    given = call.parameters
    if call.operation == "ListSchedules":
        return "*"
    group = given.get("GroupName", "default")
    if call.operation.endswith("ScheduleGroup"):
        return call.arn("scheduler", f"schedule-group/{given.get('Name', group)}")
    return call.arn("scheduler", f"schedule/{group}/{given['Name']}")
