# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing v2: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .errors import doing

Client = Any
Item = dict[str, Any]


def describe_listeners(elbv2: Client, arns: Sequence[str]) -> list[Item]:
    with doing(f"reading {', '.join(arns)}"):
        return list(elbv2.describe_listeners(ListenerArns=list(arns))["Listeners"])


def describe_rules(elbv2: Client, arns: Sequence[str]) -> list[Item]:
    with doing(f"reading {', '.join(arns)}"):
        return list(elbv2.describe_rules(RuleArns=list(arns))["Rules"])


def modify_listener(elbv2: Client, arn: str, actions: Sequence[Mapping[str, Any]]) -> None:
    with doing(f"changing the default actions of {arn}"):
        elbv2.modify_listener(ListenerArn=arn, DefaultActions=list(actions))


def modify_rule(elbv2: Client, arn: str, actions: Sequence[Mapping[str, Any]]) -> None:
    with doing(f"changing the actions of {arn}"):
        elbv2.modify_rule(RuleArn=arn, Actions=list(actions))


def describe_target_groups(elbv2: Client, names: Sequence[str]) -> list[Item]:
    """Names are unique per account and region; AWS answers an error when one of them does not exist."""
    with doing(f"reading target group {', '.join(names)}"):
        return list(elbv2.describe_target_groups(Names=list(names))["TargetGroups"])


def describe_target_groups_by_arn(elbv2: Client, arns: Sequence[str]) -> list[Item]:
    with doing(f"reading target group {', '.join(arns)}"):
        return list(elbv2.describe_target_groups(TargetGroupArns=list(arns))["TargetGroups"])


def describe_target_health(elbv2: Client, target_group_arn: str) -> list[Item]:
    """Every registered and every draining target."""
    with doing(f"reading the health of {target_group_arn}"):
        return list(elbv2.describe_target_health(TargetGroupArn=target_group_arn)["TargetHealthDescriptions"])


def describe_tags(elbv2: Client, arns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Tags by ARN; at most 20 ARNs a call (API reference)."""
    with doing(f"reading the tags of {', '.join(arns)}"):
        descriptions = elbv2.describe_tags(ResourceArns=list(arns))["TagDescriptions"]
    return {item["ResourceArn"]: {tag["Key"]: tag["Value"] for tag in item["Tags"]} for item in descriptions}


def add_tags(elbv2: Client, arns: Sequence[str], tags: Mapping[str, str]) -> None:
    with doing(f"tagging {', '.join(arns)}"):
        elbv2.add_tags(ResourceArns=list(arns), Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
