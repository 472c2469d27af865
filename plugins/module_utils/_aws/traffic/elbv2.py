# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing v2: one function, one API call (pages of a listing and batches of a request count as one)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.batches import batches
from ..base.errors import doing

Client = Any
Item = dict[str, Any]

# AWS names no limit, but rejects large batches now and then (kubernetes/kubernetes#101592, where 100 proved right).
TARGETS_PER_CALL = 100
ARNS_PER_CALL = 20


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


def all_target_groups(elbv2: Client) -> list[Item]:
    """All target groups of the account in this region."""
    with doing("listing target groups"):
        pages = elbv2.get_paginator("describe_target_groups").paginate()
        return [group for page in pages for group in page["TargetGroups"]]


def describe_target_groups_by_arn(elbv2: Client, arns: Sequence[str]) -> list[Item]:
    with doing(f"reading target group {', '.join(arns)}"):
        return [
            group
            for batch in batches(arns, ARNS_PER_CALL)
            for group in elbv2.describe_target_groups(TargetGroupArns=batch)["TargetGroups"]
        ]


def describe_target_health(elbv2: Client, target_group_arn: str) -> list[Item]:
    """Every registered and every draining target."""
    with doing(f"reading the health of {target_group_arn}"):
        return list(elbv2.describe_target_health(TargetGroupArn=target_group_arn)["TargetHealthDescriptions"])


def register_targets(elbv2: Client, target_group_arn: str, targets: Sequence[Item]) -> None:
    with doing(f"registering targets in {target_group_arn}"):
        for batch in batches(targets, TARGETS_PER_CALL):
            elbv2.register_targets(TargetGroupArn=target_group_arn, Targets=batch)


def deregister_targets(elbv2: Client, target_group_arn: str, targets: Sequence[Item]) -> None:
    with doing(f"deregistering targets from {target_group_arn}"):
        for batch in batches(targets, TARGETS_PER_CALL):
            elbv2.deregister_targets(TargetGroupArn=target_group_arn, Targets=batch)


def describe_tags(elbv2: Client, arns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Tags by ARN; at most 20 ARNs a call (API reference)."""
    with doing(f"reading the tags of {', '.join(arns)}"):
        described = [
            each
            for batch in batches(arns, ARNS_PER_CALL)
            for each in elbv2.describe_tags(ResourceArns=batch)["TagDescriptions"]
        ]
    return {each["ResourceArn"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]} for each in described}


def add_tags(elbv2: Client, arns: Sequence[str], tags: Mapping[str, str]) -> None:
    with doing(f"tagging {', '.join(arns)}"):
        elbv2.add_tags(ResourceArns=list(arns), Tags=[{"Key": key, "Value": value} for key, value in tags.items()])


def remove_tags(elbv2: Client, arns: Sequence[str], keys: Sequence[str]) -> None:
    with doing(f"removing tags of {', '.join(arns)}"):
        elbv2.remove_tags(ResourceArns=list(arns), TagKeys=list(keys))


def describe_account_limits(elbv2: Client) -> dict[str, int]:
    """The limits of Elastic Load Balancing in this account, by their names."""
    with doing("reading the limits of Elastic Load Balancing"):
        pages = elbv2.get_paginator("describe_account_limits").paginate()
        return {limit["Name"]: int(limit["Max"]) for page in pages for limit in page["Limits"]}
