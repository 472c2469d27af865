# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store's bucket is to have: requests by TLS only, and an end for what is old. What others have set is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.errors import BluegreenError
from .address import Address

Rule = Mapping[str, Any]

SID = "BluegreenRequiresTls"
NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}
VERSION = "2012-10-17"


def require_tls(policy: Mapping[str, Any], bucket: str) -> dict[str, Any]:
    """``policy`` is empty where there is none; ``bucket`` is an ARN."""
    resources = [bucket, f"{bucket}/*"]
    wanted = {
        "Sid": SID,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": resources,
        "Condition": NO_TLS,
    }
    found = policy.get("Statement", [])
    statements = [found] if isinstance(found, Mapping) else found
    if any(_means(each, resources) for each in statements):
        return dict(policy)
    others = [each for each in statements if each.get("Sid") != SID]
    return {"Version": VERSION, **policy, "Statement": [*others, wanted]}


def _means(statement: Mapping[str, Any], resources: Sequence[str]) -> bool:
    """Whoever wrote it."""
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and "s3:*" in _listed(statement.get("Action"))
        and set(resources) <= {*_listed(statement.get("Resource"))}
        and statement.get("Condition") == NO_TLS
    )


def _listed(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or []


def expire(rules: Sequence[Rule], address: Address, keep_days: int, keep_versions_days: int) -> list[Rule]:
    """Lifecycle rules. ``keep_days`` is for what was not written again since, 0 for ever. ``keep_versions_days`` is for
    what was overwritten or deleted."""
    if keep_days < 0 or keep_versions_days < 1:
        raise BluegreenError("keep_days must be 0 or more, and keep_versions_days 1 or more.")
    prefix = f"{address.prefix}/" if address.prefix else ""
    wanted: Rule = {
        "ID": f"bluegreen {prefix}".strip()[:255],  # the most that S3 takes (LifecycleRule in the API reference)
        "Status": "Enabled",
        "Filter": {"Prefix": prefix},
        "NoncurrentVersionExpiration": {"NoncurrentDays": keep_versions_days},
        **({"Expiration": {"Days": keep_days}} if keep_days else {}),
    }
    if wanted in rules:
        return list(rules)
    return [*(_with_filter(each) for each in rules if each.get("ID") != wanted["ID"]), wanted]


def _with_filter(rule: Rule) -> Rule:
    """A prefix in its old place is refused together with a rule with a filter: "Base level prefix cannot be used in
    Lifecycle V2, prefixes are only supported in the Filter" (hashicorp/terraform-provider-aws#23299)."""
    if "Prefix" not in rule:
        return rule
    return {key: value for key, value in rule.items() if key != "Prefix"} | {"Filter": {"Prefix": rule["Prefix"]}}
