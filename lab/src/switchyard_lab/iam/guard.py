# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuses callers that are not known, and what the policies of those who are do not allow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..calls.faults import UNKNOWN, ApiFault, api_fault
from ..calls.request import Request
from .call import ApiCall
from .identities import Identity, UnknownKeyError, identity_of, role_of
from .policy import Decision, Question, decide
from .questions import PREFIXES, questions
from .trust import trusts

DENIED = "denied"
REASONS = {
    "implicitDeny": " because no identity-based policy allows the {} action",
    "explicitDeny": " with an explicit deny in an identity-based policy",
}
INVALID_TOKEN = "The security token included in the request is invalid."
ASSUMING = {"AssumeRole": "AWS", "AssumeRoleWithWebIdentity": "Federated"}  # by whom: a kind of principal
OF_A_USER_SESSION = ("AssumeRole", "GetCallerIdentity")


@dataclass(frozen=True)
class Permitted:
    """``asked``: what the call has asked, up to what was not allowed."""

    asked: Sequence[Question] = ()
    fault: ApiFault | None = None


def permitted(request: Request, key: str) -> Permitted:
    try:
        caller = identity_of(key, request.environ.get("HTTP_X_AMZ_SECURITY_TOKEN", ""))
    except UnknownKeyError:
        return Permitted(fault=api_fault({"error": UNKNOWN, "message": INVALID_TOKEN}))
    asked: list[Question] = []
    if fault := _not_of_a_session(request, caller):
        return Permitted(asked, fault)
    for question in questions(_call(request, caller)) if caller.policies is not None else ():
        asked.append(question)
        if (decision := decide(caller.policies or (), question)) != "allowed":
            return Permitted(asked, _denied(request.service, caller.arn, question, decision))
    return Permitted(asked, _not_trusted(request, caller))


def _not_of_a_session(request: Request, caller: Identity) -> ApiFault | None:
    """What no policy allows: GetSessionToken "must be called by using the long-term Amazon Web Services security
    credentials of an IAM user", and with what it returns "you cannot call any IAM API operations unless MFA
    authentication information is included", which the lab does not have, nor "any STS API operation except AssumeRole
    or GetCallerIdentity" (GetSessionToken in the API reference; the code: 99designs/aws-vault#15)."""
    if caller.session_of and request.operation == "GetSessionToken":
        return api_fault({"error": DENIED, "message": "Cannot call GetSessionToken with session credentials"})
    if caller.session_of != "user":
        return None
    if request.service == "iam" or (request.service == "sts" and request.operation not in OF_A_USER_SESSION):
        return api_fault({"error": UNKNOWN, "message": INVALID_TOKEN})
    return None


def _not_trusted(request: Request, caller: Identity) -> ApiFault | None:
    """Also where there is no such role: AWS does not say which."""
    kind = ASSUMING.get(request.operation)
    if kind is None:
        return None
    arn, action = str(request.parameters.get("RoleArn", "")), f"sts:{request.operation}"
    account = arn.split(":")[4] if arn.count(":") > 4 else caller.account
    role, names = role_of(account, arn), caller.names if kind == "AWS" else None  # tokens are not looked into
    if role and trusts(role, kind, names, action=action):
        return None
    if names is None:
        return api_fault({"error": DENIED, "message": f"Not authorized to perform {action}"})
    return api_fault({"error": DENIED, "message": _sentence(caller.arn, action, arn)})


def _call(request: Request, caller: Identity) -> ApiCall:
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/", request.environ.get("HTTP_AUTHORIZATION", ""))
    prefix = PREFIXES.get(request.service, request.service)
    return ApiCall(caller.account, scope[1] if scope else "", prefix, request.operation, request.parameters)


def _denied(service: str, caller: str, question: Question, decision: Decision) -> ApiFault:
    sentence = _sentence(caller, question.action, question.resource) + REASONS[decision].format(question.action)
    if service == "ec2":
        sentence = f"You are not authorized to perform this operation. {sentence}."
    return api_fault({"error": DENIED, "message": question.otherwise or sentence})


def _sentence(caller: str, action: str, resource: str) -> str:
    """ "Troubleshoot access denied error messages" in the IAM User Guide. Without a resource where an action knows none
    (aws-samples/multi-tenant-chatbot-using-rag-with-amazon-bedrock#17)."""
    on = "" if resource == "*" else f" on resource: {resource}"
    return f"User: {caller} is not authorized to perform: {action}{on}"
