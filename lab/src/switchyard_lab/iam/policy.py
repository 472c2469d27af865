# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy, and its answer ("Policy evaluation logic" in the IAM User Guide, for policies of identities)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from .conditions import Condition, Context
from .matching import matches, matches_arn

Decision = Literal["allowed", "explicitDeny", "implicitDeny"]
ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


@dataclass(frozen=True)
class Question:
    """Whether an action may be done. ``otherwise``: the sentence of a service that does not use IAM's for a denial."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)
    otherwise: str = ""


@dataclass(frozen=True)
class Statement:
    effect: str
    actions: Sequence[str]
    resources: Sequence[str]
    conditions: Sequence[Condition]
    not_action: bool = False
    not_resource: bool = False

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Statement:
        if strange := document.keys() - ELEMENTS:
            raise ValueError(f"The lab does not evaluate {', '.join(sorted(strange))} of a statement.")
        return cls(
            effect=document["Effect"],
            actions=_listed(document.get("Action", document.get("NotAction"))),
            resources=_listed(document.get("Resource", document.get("NotResource"))),
            conditions=[
                Condition(named, key, _listed(wanted))
                for named, keys in document.get("Condition", {}).items()
                for key, wanted in keys.items()
            ],
            not_action="NotAction" in document,
            not_resource="NotResource" in document,
        )

    def applies(self, question: Question) -> bool:
        """Actions have no case."""
        return (
            any(matches(each.lower(), question.action.lower()) for each in self.actions) != self.not_action
            and any(matches_arn(each, question.resource) for each in self.resources) != self.not_resource
            and all(each.holds(question.context) for each in self.conditions)
        )


@dataclass(frozen=True)
class Policy:
    statements: Sequence[Statement]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Policy:
        if "${" in json.dumps(document):
            raise ValueError("The lab does not evaluate the variables of a policy.")
        listed = document["Statement"]
        return cls([Statement.of(each) for each in ([listed] if isinstance(listed, dict) else listed)])


@cache
def parsed(text: str) -> Policy:
    return Policy.of(json.loads(text))


def decide(policies: Iterable[Policy], question: Question) -> Decision:
    """Whatever denies counts more than what allows; what nobody allows is denied."""
    effects = {each.effect for policy in policies for each in policy.statements if each.applies(question)}
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def _listed(value: Any) -> Sequence[str]:
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in _sequence(value)]


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]
