# SPDX-License-Identifier: GPL-3.0-or-later
"""Universal targets: ``arn:aws:scheduler:::aws-sdk:SERVICE:ACTION``, any write of any service, with its input.

SERVICE is the SDK's identifier in lower case and without spaces, ACTION is in camel case, and the names in the input
are those of the SDK for Java with a capital: ``DbInstanceIdentifier``, where the API reference has
``DBInstanceIdentifier`` (EventBridge Scheduler, user guide: "Using universal targets"; CDK,
aws_scheduler_targets.Universal). What is wrong with them is refused when the schedule is made
(hashicorp/terraform-provider-aws#29339; CreateSchedule answers "Invalid RequestJson provided. Reason …").
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel

from ...calls.operations import READ_PREFIXES
from .errors import invalid

TARGET = re.compile(r"arn:aws:scheduler:::aws-sdk:([a-z0-9]+):([a-zA-Z0-9]+)")


@dataclass(frozen=True)
class Target:
    """What a schedule calls: ``service`` and ``operation`` by botocore's names, ``prefix`` by IAM's."""

    service: str
    operation: str
    request: dict[str, Any]

    @property
    def prefix(self) -> str:
        """Of the action, as policies name it."""
        return str(_model(self.service).signing_name)

    @classmethod
    def read(cls, target: dict[str, Any]) -> Target:
        found = TARGET.fullmatch(target["Arn"])
        if not found:
            raise invalid(f"Provided Arn is not in correct format: {target['Arn']}.")
        named, action = found.groups()
        if named not in _services():
            raise invalid(f"{named} is not a supported service for a target.")
        service, operation = _services()[named], action[:1].upper() + action[1:]
        if (
            operation == action
            or operation not in _model(service).operation_names
            or operation.startswith(READ_PREFIXES)
        ):
            raise invalid(f"{action} is not a supported api for the service {named}.")
        try:
            given = json.loads(target.get("Input", ""))
        except ValueError:
            raise invalid("Invalid RequestJson provided. Reason: it is not well-formed JSON.") from None
        return cls(service, operation, _request(_model(service).operation_model(operation).input_shape, given))


def java_name(name: str) -> str:
    """``DNSName`` → ``DnsName``, ``TTL`` → ``Ttl``."""
    return re.sub(r"([A-Z])([A-Z]+)(?![a-z])", lambda found: found[1] + found[2].lower(), name)


def _request(shape: Any, given: Any) -> Any:
    """By the API's own names."""
    if shape.type_name == "structure" and isinstance(given, dict):
        names = {java_name(name): name for name in shape.members}
        if strange := [name for name in given if name not in names]:
            raise invalid(f"Invalid RequestJson provided. Reason The field {strange[0]} is not supported.")
        if missing := [java_name(name) for name in shape.required_members if java_name(name) not in given]:
            raise invalid(f"Invalid RequestJson provided. Reason missing the following field(s): {', '.join(missing)}.")
        return {names[name]: _request(shape.members[names[name]], value) for name, value in given.items()}
    if shape.type_name == "list" and isinstance(given, list):
        return [_request(shape.member, each) for each in given]
    if shape.type_name in ("structure", "list"):
        raise invalid(f"Invalid RequestJson provided. Reason {given!r} is not a {shape.type_name}.")
    return given


@cache
def _services() -> dict[str, str]:
    """botocore's names by the SDK's identifiers; of those that the lab has."""
    known = ("elbv2", "route53", "autoscaling", "ec2", "cloudwatch")
    return {_model(name).service_id.hyphenize().replace("-", ""): name for name in known}


@cache
def _model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)
