# SPDX-License-Identifier: GPL-3.0-or-later
"""Target groups that have traffic, and nobody who serves it."""

from __future__ import annotations

from typing import Any

from switchyard_lab.seed.service import PRODUCTION_PORT
from tests.sample import Sample


def unserved(sample: Sample) -> list[str]:
    """By its own reading of the API: what the product says of itself proves nothing."""
    elbv2 = sample.lab.client("elbv2")
    listeners = [
        listener
        for balancer in elbv2.describe_load_balancers()["LoadBalancers"]
        for listener in elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        if listener["Port"] == PRODUCTION_PORT
    ]
    actions = [
        action
        for listener in listeners
        for rule in elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
        for action in rule["Actions"]
        if action["Type"] == "forward"
    ]
    used = {
        group["TargetGroupArn"]
        for action in actions
        for group in action["ForwardConfig"]["TargetGroups"]
        if group.get("Weight", 1)
    }
    records = _recorded(sample)
    return sorted(arn for arn in used if (records is None or arn in records) and not _serves(elbv2, arn))


def _serves(elbv2: Any, arn: str) -> bool:
    found = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return any(each["TargetHealth"]["State"] == "healthy" for each in found)


def _recorded(sample: Sample) -> set[str] | None:
    """The target groups that records with a weight lead to; None for a service without records."""
    if all(isinstance(route, str) for route in sample.definition["bluegreen_routes"]):
        return None
    elbv2, route53 = sample.lab.client("elbv2"), sample.lab.client("route53")
    (route,) = sample.definition["bluegreen_routes"]
    zone = route53.list_hosted_zones_by_name(DNSName=route["zone"])["HostedZones"][0]["Id"]
    found = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    colors = {each["SetIdentifier"] for each in found if each.get("Weight")}
    named = {color: name for color, name in sample.definition["bluegreen_target_groups"].items() if color in colors}
    groups = elbv2.describe_target_groups(Names=list(named.values()))["TargetGroups"]
    return {group["TargetGroupArn"] for group in groups}
