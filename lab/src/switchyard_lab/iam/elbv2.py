# SPDX-License-Identifier: GPL-3.0-or-later
"""What calls of Elastic Load Balancing ask ("Actions, resources, and condition keys for Elastic Load Balancing V2")."""

from __future__ import annotations

from moto.elbv2.models import elbv2_backends

from .call import ApiCall, by_key, removed, requested, tagged
from .policy import Question

# What is changed, by the parameter that names it; the first that is given counts.
NAMING = ("RuleArn", "ListenerArn", "TargetGroupArn", "LoadBalancerArn")
# What a call makes: how its ARN begins, from that of its parent.
MAKING = {"CreateListener": (":loadbalancer/", ":listener/"), "CreateRule": (":listener/", ":listener-rule/")}
USER_POOL = "AuthenticateCognitoConfig"


def questions(call: ApiCall) -> list[Question]:
    given = call.parameters
    if call.operation.startswith("Describe"):
        return [call.ask()]
    if call.operation in ("AddTags", "RemoveTags"):
        adds = call.operation == "AddTags"
        context = requested(by_key(given.get("Tags"))) if adds else removed(given.get("TagKeys", ()))
        return [call.ask(each, {**_tags(call, each), **context}) for each in given.get("ResourceArns", ())]
    if call.operation in ("CreateTargetGroup", "CreateLoadBalancer"):
        kind = "targetgroup" if call.operation == "CreateTargetGroup" else f"loadbalancer/{_type(call)}"
        return _making(call, made := call.arn("elasticloadbalancing", f"{kind}/{given['Name']}/*"), made)
    parent = next((given[each] for each in NAMING if each in given), "*")
    if call.operation in MAKING:
        return [*_making(call, parent, parent.replace(*MAKING[call.operation]) + "/*"), *_sign_in(call)]
    return [call.ask(parent, _tags(call, parent)), *_sign_in(call)]


def _making(call: ApiCall, asked: str, made: str) -> list[Question]:
    """Tags are given by a permission of its own ("Grant permission to tag resources during creation")."""
    context = requested(by_key(call.parameters.get("Tags")))
    found = [call.ask(asked, {**_tags(call, asked), **context})]
    if context:
        created = {**context, "elasticloadbalancing:CreateAction": [call.operation]}
        found.append(call.ask(made, created, "AddTags"))
    return found


def _sign_in(call: ApiCall) -> list[Question]:
    """The load balancer asks for the client as the caller ("Authenticate users using an Application Load Balancer":
    permissions to create rules that use Amazon Cognito)."""
    actions = [*call.parameters.get("Actions", ()), *call.parameters.get("DefaultActions", ())]
    pools = [each[USER_POOL]["UserPoolArn"] for each in actions if USER_POOL in each]
    return [Question("cognito-idp:DescribeUserPoolClient", each) for each in pools]


def _type(call: ApiCall) -> str:
    return {"network": "net", "gateway": "gwy"}.get(call.parameters.get("Type", ""), "app")


def _tags(call: ApiCall, arn: str) -> dict[str, list[str]]:
    found = elbv2_backends[call.account][call.region].tagging_service.get_tag_dict_for_resource(arn)
    return dict(tagged(found, "elasticloadbalancing"))  # type: ignore[arg-type]
