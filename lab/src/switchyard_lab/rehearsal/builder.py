# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds a blueprint on a lab, as adopt.yml would leave the service: blue serves, green is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from ..client import LabProcess
from ..seed.account import Account
from ..seed.resources import COLORS, Resources, dimension, forward
from . import alarms
from .blueprint import Balancer, Blueprint, Listener
from .inventory import NotReadyError

NOBODY = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
BEFORE, GOOD, BAD = "before", "rehearsal-good", "rehearsal-bad"
ERROR_PERCENT = 30
IMAGES = {
    BEFORE: {"lab:release": BEFORE},
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
        named = {"LoadBalancer": self.balancers, "TargetGroup": self.target_groups}
        return {kind: {name: dimension(arn)["Value"] for name, arn in arns.items()} for kind, arns in named.items()}


class Builder:
    """Of one service, on a lab without a seed."""

    def __init__(self, lab: LabProcess, blueprint: Blueprint) -> None:
        self._lab, self._blueprint = lab, blueprint
        self._account = Account(lab.endpoint, lab.info()["cidr"])
        self._resources = Resources(blueprint.service, self._account, self._account.network())

    def build(self) -> StandIn:
        """Once it serves."""
        balancers, size = self._blueprint.balancers, self._blueprint.size
        built = StandIn({name: self._account.image(name, tags) for name, tags in IMAGES.items()})
        for balancer in balancers:
            self._balancer(balancer, built)
        for name in self._blueprint.alarms:
            self._alarm(name, built)
        serving = sorted({built.target_groups[each.target_groups["blue"]] for each in balancers})
        self._resources.group(built.images[BEFORE], BEFORE, serving, size)
        self._resources.await_healthy(serving, size["DesiredCapacity"])
        return built

    def _balancer(self, balancer: Balancer, built: StandIn) -> None:
        made = self._resources.load_balancer(balancer.name, balancer.kind)
        built.balancers[balancer.name] = made["LoadBalancerArn"]
        protocol = "TCP" if balancer.kind == "network" else "HTTP"
        for color, name in balancer.target_groups.items():
            if name not in built.target_groups:
                group = self._resources.target_group(name, color, protocol, self._blueprint.health)
                built.target_groups[name] = group
        blue, green = (built.target_groups[balancer.target_groups[color]] for color in COLORS)
        for listener in balancer.listeners:
            self._listener(made, listener, forward({blue: 100, green: 0}), protocol, built)

    def _listener(
        self, made: Mapping[str, str], listener: Listener, split: Mapping[str, Any], protocol: str, built: StandIn
    ) -> None:
        action = split if listener.splits else NOBODY
        arn = self._resources.listener(made["LoadBalancerArn"], listener.port, action, protocol)
        base = f"http://{made['DNSName']}:{listener.port}"
        built.arns[listener.arn], built.urls[listener.arn] = arn, f"{base}/"
        for priority, rule in enumerate(listener.rules, start=1):
            answer = self._lab.client("elbv2").create_rule(
                ListenerArn=arn, Priority=priority, Conditions=list(rule.conditions), Actions=[split]
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
