# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds a blueprint on a lab, as adopt.yml would leave the service: blue serves, green is empty."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from ..client import LabProcess
from ..seed.account import Account, Network
from . import alarms
from .blueprint import APP_PORT, COLORS, Balancer, Blueprint, Listener
from .inventory import NotReadyError

HEALTHY_SECONDS = 120.0
NOBODY = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
GOOD, BAD = "rehearsal-good", "rehearsal-bad"
ERROR_PERCENT = 30
IMAGES = {
    "before": {"lab:release": "before"},
    GOOD: {"lab:release": GOOD},
    BAD: {"lab:release": BAD, "lab:error-percent": str(ERROR_PERCENT)},
}


@dataclass
class StandIn:
    """``arns``: of the stand-in, by those of the definition. ``urls``: where each of these listeners and rules answers.
    ``target_groups``: ARNs by name. ``alarms`` are the names of those that it has; what became of the others, and what
    is assumed, is in ``notes``, in sentences."""

    images: Mapping[str, str]
    arns: dict[str, str] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    target_groups: dict[str, str] = field(default_factory=dict)
    balancers: dict[str, str] = field(default_factory=dict)  # ARNs by name
    alarms: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def dimensions(self) -> dict[str, dict[str, str]]:
        """The values that CloudWatch has for them, by the name in the value."""
        return {
            "LoadBalancer": {name: arn.partition(":loadbalancer/")[2] for name, arn in self.balancers.items()},
            "TargetGroup": {name: arn.rpartition(":")[2] for name, arn in self.target_groups.items()},
        }


class Builder:
    """Of one service, on a lab without a seed."""

    def __init__(self, lab: LabProcess, blueprint: Blueprint) -> None:
        self._lab, self._blueprint = lab, blueprint
        self._account = Account(lab.endpoint, lab.info()["cidr"])
        self._elbv2 = lab.client("elbv2")

    def build(self) -> StandIn:
        """Once it serves."""
        images = {name: self._account.image(name, tags) for name, tags in IMAGES.items()}
        built, network = StandIn(images), self._account.network()
        for balancer in self._blueprint.balancers:
            self._balancer(balancer, network, built)
        for name in self._blueprint.alarms:
            self._alarm(name, built)
        self._group(network, built)
        self._await_healthy(built)
        return built

    def _balancer(self, balancer: Balancer, network: Network, built: StandIn) -> None:
        groups = {} if balancer.kind == "network" else {"SecurityGroups": [network.security_group]}
        made = self._elbv2.create_load_balancer(
            Name=balancer.name, Type=balancer.kind, Subnets=list(network.subnets), **groups
        )["LoadBalancers"][0]
        built.balancers[balancer.name] = made["LoadBalancerArn"]
        protocol = "TCP" if balancer.kind == "network" else "HTTP"
        for color in COLORS:
            self._target_group(balancer.target_groups[color], protocol, color, network, built)
        forward = self._forward(balancer, built)
        for listener in balancer.listeners:
            self._listener(made, listener, protocol, forward, built)

    def _target_group(self, name: str, protocol: str, color: str, network: Network, built: StandIn) -> None:
        if name in built.target_groups:
            return
        made = self._elbv2.create_target_group(
            Name=name,
            Protocol=protocol,
            Port=APP_PORT,
            VpcId=network.vpc,
            HealthCheckProtocol="HTTP",
            HealthCheckPath="/health",
            **self._blueprint.health,
            Tags=self._tags(color=color, stable="blue"),
        )
        built.target_groups[name] = made["TargetGroups"][0]["TargetGroupArn"]

    def _forward(self, balancer: Balancer, built: StandIn) -> dict[str, Any]:
        weights = [
            {"TargetGroupArn": built.target_groups[balancer.target_groups[color]], "Weight": weight}
            for color, weight in zip(COLORS, (100, 0), strict=True)
        ]
        return {"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}

    def _listener(
        self, balancer: Mapping[str, Any], listener: Listener, protocol: str, forward: dict[str, Any], built: StandIn
    ) -> None:
        made = self._elbv2.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol=protocol,
            Port=listener.port,
            DefaultActions=[forward if listener.splits else NOBODY],
        )["Listeners"][0]["ListenerArn"]
        built.arns[listener.arn] = made
        base = f"http://{balancer['DNSName']}:{listener.port}"
        built.urls[listener.arn] = f"{base}/"
        for priority, rule in enumerate(listener.rules, start=1):
            answer = self._elbv2.create_rule(
                ListenerArn=made, Priority=priority, Conditions=list(rule.conditions), Actions=[forward]
            )
            built.arns[rule.arn] = answer["Rules"][0]["RuleArn"]
            built.urls[rule.arn] = f"{base}{rule.path}"

    def _alarm(self, name: str, built: StandIn) -> None:
        found, values = self._blueprint.alarms[name], built.dimensions()
        try:
            given = alarms.parameters(found or alarms.assume(name, self._blueprint.balancers), values)
            self._lab.client("cloudwatch").put_metric_alarm(AlarmName=name, **given)
        except NotReadyError as error:
            built.notes.append(f"not rehearsed: alarm {name}: {error}")
        except ClientError as error:
            built.notes.append(f"not rehearsed: alarm {name}: {error.response['Error']['Message']}")
        except ParamValidationError as error:
            built.notes.append(f"not rehearsed: alarm {name}: {' '.join(str(error).split())}")
        else:
            built.alarms.append(name)
            if not found:
                built.notes.append(f"assumed: alarm {name} watches for more than five errors in a minute")

    def _group(self, network: Network, built: StandIn) -> None:
        service = self._blueprint.service
        template = self._account.client("ec2").create_launch_template(
            LaunchTemplateName=service,
            LaunchTemplateData={
                "ImageId": built.images["before"],
                "InstanceType": "t3.small",
                "SecurityGroupIds": [network.security_group],
            },
        )["LaunchTemplate"]["LaunchTemplateId"]
        serving = {built.target_groups[each.target_groups["blue"]] for each in self._blueprint.balancers}
        self._account.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=f"{service}-blue-v001",
            LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
            **self._blueprint.size,
            VPCZoneIdentifier=",".join(network.subnets),
            TargetGroupARNs=sorted(serving),
            HealthCheckType="ELB",
            HealthCheckGracePeriod=30,
            Tags=[{**tag, "PropagateAtLaunch": True} for tag in self._tags(color="blue", release="before")],
        )

    def _await_healthy(self, built: StandIn) -> None:
        deadline, wanted = time.monotonic() + HEALTHY_SECONDS, self._blueprint.size["DesiredCapacity"]
        blue = [built.target_groups[each.target_groups["blue"]] for each in self._blueprint.balancers]
        while any(self._healthy(each) < wanted for each in blue):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the stand-in of {self._blueprint.service} has no {wanted} healthy targets")
            time.sleep(0.1)

    def _healthy(self, target_group: str) -> int:
        found = self._elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
        return sum(each["TargetHealth"]["State"] == "healthy" for each in found)

    def _tags(self, **values: str) -> list[dict[str, str]]:
        named = {"service": self._blueprint.service, **values}
        return [{"Key": f"bluegreen:{name}", "Value": value} for name, value in named.items()]
