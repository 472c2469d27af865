# SPDX-License-Identifier: GPL-3.0-or-later
"""A call, for those who say what it asks of policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .conditions import Context
from .policy import Question

EVERYTHING = "*"


@dataclass(frozen=True)
class ApiCall:
    """``service`` is IAM's prefix of the action; ``parameters`` are as the caller gave them to its SDK."""

    account: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def ask(self, resource: str = EVERYTHING, context: Context | None = None, action: str = "") -> Question:
        return Question(f"{self.service}:{action or self.operation}", resource, context or {})

    def pass_role(self, role: str, service: str) -> Question:
        """``role``: its ARN or its name ("Grant a user permissions to pass a role to an AWS service")."""
        arn = role if role.startswith("arn:") else f"arn:aws:iam::{self.account}:role/{role}"
        return Question("iam:PassRole", arn, {"iam:PassedToService": [service]})


def tagged(tags: Mapping[str, str], *prefixes: str) -> Context:
    """What a resource has."""
    return {f"{prefix}:ResourceTag/{key}": [value] for prefix in ("aws", *prefixes) for key, value in tags.items()}


def requested(tags: Mapping[str, str]) -> Context:
    """What a call gives to a resource."""
    if not tags:
        return {}
    return {f"aws:RequestTag/{key}": [value] for key, value in tags.items()} | {"aws:TagKeys": [*tags]}


def removed(keys: Sequence[str]) -> Context:
    return {"aws:TagKeys": [*keys]}


def by_key(tags: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """AWS's lists of tags, with either case of their names."""
    return {each.get("Key", each.get("key", "")): str(each.get("Value", each.get("value", ""))) for each in tags or ()}
