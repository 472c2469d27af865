# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuses what the policies of a caller do not allow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from moto.core.models import DEFAULT_ACCOUNT_ID

from ..faults import ApiFault, api_fault
from ..request import Request
from .call import ApiCall
from .identities import identity_of
from .policy import Decision, Question, decide
from .questions import PREFIXES, questions

DENIED = "denied"
REASONS = {
    "implicitDeny": "because no identity-based policy allows the {} action",
    "explicitDeny": "with an explicit deny in an identity-based policy",
}


@dataclass(frozen=True)
class Permitted:
    """``asked``: what the call has asked, up to what was not allowed."""

    asked: Sequence[Question] = ()
    fault: ApiFault | None = None


def permitted(request: Request, key: str) -> Permitted:
    caller = identity_of(key)
    if caller is None:
        return Permitted()
    asked: list[Question] = []
    for question in questions(_call(request)):
        asked.append(question)
        if (decision := decide(caller.policies, question)) != "allowed":
            return Permitted(asked, _denied(request.service, caller.arn, question, decision))
    return Permitted(asked)


def _call(request: Request) -> ApiCall:
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/", request.environ.get("HTTP_AUTHORIZATION", ""))
    prefix = PREFIXES.get(request.service, request.service)
    return ApiCall(DEFAULT_ACCOUNT_ID, scope[1] if scope else "", prefix, request.operation, request.parameters)


def _denied(service: str, caller: str, question: Question, decision: Decision) -> ApiFault:
    """The sentence: "Troubleshoot access denied error messages" in the IAM User Guide. Without a resource where an
    action knows none (aws-samples/multi-tenant-chatbot-using-rag-with-amazon-bedrock#17)."""
    on = "" if question.resource == "*" else f" on resource: {question.resource}"
    because = REASONS[decision].format(question.action)
    sentence = f"User: {caller} is not authorized to perform: {question.action}{on} {because}"
    if service == "ec2":
        sentence = f"You are not authorized to perform this operation. {sentence}."
    return api_fault({"error": DENIED, "message": question.otherwise or sentence})
