# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing v2, what makes a target group: one function, one API call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.errors import AwsError, doing

Client = Any
Item = dict[str, Any]


def describe_target_group_if_any(client: Client, named: str) -> Item | None:
    """The target group with this name or ARN, None when there is none. AWS answers an error for one that does not
    exist, and so for all others in the request."""
    asked = {"TargetGroupArns": [named]} if named.startswith("arn:") else {"Names": [named]}
    try:
        with doing(f"reading target group {named}"):
            return dict(client.describe_target_groups(**asked)["TargetGroups"][0])
    except AwsError as error:
        if error.code != "TargetGroupNotFound":
            raise
        return None


def describe_attributes(client: Client, arn: str) -> dict[str, str]:
    with doing(f"reading the attributes of {arn}"):
        described = client.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    return {attribute["Key"]: attribute["Value"] for attribute in described}


def accepted_fields(client: Client) -> tuple[frozenset[str], frozenset[str]]:
    """What this version of the SDK lets CreateTargetGroup set, and ModifyTargetGroup change."""
    model = client.meta.service_model
    create, modify = (
        frozenset(model.operation_model(operation).input_shape.members)
        for operation in ("CreateTargetGroup", "ModifyTargetGroup")
    )
    return create, modify


def create_target_group(client: Client, name: str, settings: Mapping[str, Any], tags: Mapping[str, str]) -> Item:
    tagged = {"Tags": _listed(tags)} if tags else {}
    with doing(f"creating target group {name}"):
        return dict(client.create_target_group(Name=name, **settings, **tagged)["TargetGroups"][0])


def modify_target_group(client: Client, arn: str, settings: Mapping[str, Any]) -> None:
    with doing(f"changing the health checks of {arn}"):
        client.modify_target_group(TargetGroupArn=arn, **settings)


def modify_attributes(client: Client, arn: str, attributes: Mapping[str, str]) -> None:
    with doing(f"changing the attributes of {arn}"):
        client.modify_target_group_attributes(TargetGroupArn=arn, Attributes=_listed(attributes))


def _listed(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]
