# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A test route: a way to the candidate that users do not take. A rule that asks for a header, or a listener."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.arns import is_application, target_group_name
from ..base.errors import BluegreenError
from ..base.tags import TEST_ROUTE
from .conditions import check_values, plain_host, same, with_header
from .forward import Forward, find_forward, replace_forward
from .forward_route import ForwardRoute
from .weights import Percents

Item = Mapping[str, Any]  # a listener or a rule, as ELBv2 describes it

SCHEMES = {"HTTP": "http", "HTTPS": "https", "TCP": "http", "TLS": "https", "TCP_UDP": "http", "TCP_QUIC": "http"}
USUAL_PORTS = {"http": 80, "https": 443}
TAGS = [{"Key": TEST_ROUTE, "Value": "true"}]  # nothing else in a route says whether users take it
PRIORITIES = range(1, 50001)  # RulePriority in the service model
SIGN_IN = ("authenticate-oidc", "authenticate-cognito")


@dataclass(frozen=True)
class Production:
    """The production route that the test route is made after; ``rule`` is None when it is the default action."""

    listener: Item
    rule: Item | None

    @property
    def route(self) -> ForwardRoute:
        if self.rule:
            return ForwardRoute.read(self.rule["RuleArn"], self.rule["Actions"])
        return ForwardRoute.read(self.listener["ListenerArn"], self.listener["DefaultActions"])

    def actions(self, weights: Percents) -> list[dict[str, Any]]:
        """The route's own, for the test route: a check can't sign in, and needs only the forward."""
        checked = [action for action in self.route.actions if action["Type"] not in SIGN_IN]
        return replace_forward(checked, Forward(dict(weights), self.route.forward.stickiness))

    def warnings(self) -> list[str]:
        """What guards production and not the test route."""
        kinds = [action["Type"] for action in self.route.actions if action["Type"] in SIGN_IN]
        if self.listener.get("MutualAuthentication", {}).get("Mode", "off") != "off":
            kinds.append("mutual TLS")
        if not kinds:
            return []
        return [
            f"{self.route.arn} signs its users in ({', '.join(kinds)}), the test route does not, as no check could. "
            "Limit who reaches it: with the security group when it has a port of its own, or with a header's value "
            "that is a secret."
        ]


@dataclass(frozen=True)
class AskedTestRoute:
    """The test route that is asked for: with a ``header`` it is a rule, otherwise a listener."""

    header: tuple[str, str] | None
    priority: int
    port: int
    protocol: str | None
    host: str | None

    def conditions(self, production: Production) -> list[dict[str, Any]]:
        """None for a listener of its own, which takes whatever comes to its port."""
        if not self.header:
            return []
        return with_header(production.rule["Conditions"] if production.rule else [], *self.header)

    def protocol_of(self, production: Production) -> str:
        return self.protocol or str(production.listener["Protocol"])

    def headers(self) -> dict[str, str]:
        return dict([self.header]) if self.header else {}

    def url(self, production: Production, dns_name: str) -> str:
        """The URL of the test route, with the host that a rule asks for, where there is one: the certificate is that
        host's."""
        listener = production.listener
        scheme = SCHEMES[listener["Protocol"] if self.header else self.protocol_of(production)]
        port = listener["Port"] if self.header else self.port
        address = self.host or plain_host(self.conditions(production)) or dns_name
        return f"{scheme}://{address}" if port == USUAL_PORTS[scheme] else f"{scheme}://{address}:{port}"


def unverifiable(url: str, dns_name: str) -> list[str]:
    """AWS owns the name of a load balancer, so that ACM issues no certificate for it."""
    if not url.startswith(f"https://{dns_name}"):
        return []
    return [
        f"The URL of the test route, {url}, has the load balancer's own name, which no certificate covers: checks that "
        "verify the certificate would fail. Set host to a name that a certificate of the listener covers and that "
        "leads to this load balancer."
    ]


def check_asked(asked: AskedTestRoute, production: Production) -> None:
    """Refuse what AWS would not make, or what no request would ever reach."""
    listener = production.listener
    if asked.header:
        if not is_application(listener["ListenerArn"]):
            raise BluegreenError("A Network Load Balancer reads no headers; give the test route a port of its own.")
        _check_priority(asked.priority)
        check_values(asked.conditions(production))
        if production.rule:
            _check_before(f"Priority {asked.priority}", asked.priority, production.rule)
        return
    if asked.port == listener["Port"]:
        raise BluegreenError(f"Port {asked.port} is production's ({listener['ListenerArn']}); give another one.")
    protocol = asked.protocol_of(production)
    if protocol.startswith("HTTP") != str(listener["Protocol"]).startswith("HTTP"):
        raise BluegreenError(f"The load balancer of {listener['ListenerArn']} does not listen to {protocol}.")
    if protocol not in SCHEMES:
        raise BluegreenError(
            f"Checks of the test route speak HTTP, and a listener of {protocol} takes no TCP connections. Leave "
            "the test route out, and check the candidate in a hook, after_test_traffic."
        )
    if protocol in ("HTTPS", "TLS") and not listener.get("Certificates"):
        raise BluegreenError(f"{listener['ListenerArn']} has no certificate to use for {protocol} on {asked.port}.")


def find_rule(
    asked: AskedTestRoute, production: Production, rules: Sequence[Item], groups: Collection[str]
) -> ForwardRoute | None:
    """The rule that is the test route already, wherever it stands before production's."""
    conditions, mine = asked.conditions(production), production.route.arn
    others = [rule for rule in rules if not rule["IsDefault"] and rule["RuleArn"] != mine]
    for rule in others:
        if same(rule["Conditions"], conditions):
            if production.rule:
                _check_before(
                    f"{rule['RuleArn']} has priority {rule['Priority']}, which", rule["Priority"], production.rule
                )
            return _recognized(rule["RuleArn"], rule["Actions"], groups)
    for rule in others:
        if int(rule["Priority"]) == asked.priority:
            raise BluegreenError(
                f"Priority {asked.priority} is taken by {rule['RuleArn']}, which asks for something else; give another."
            )
    return None


def find_listener(
    asked: AskedTestRoute, production: Production, listeners: Sequence[Item], groups: Collection[str]
) -> Item | None:
    """The listener that is the test route already."""
    protocol = asked.protocol_of(production)
    for listener in listeners:
        if listener["Port"] == asked.port:
            if listener["Protocol"] != protocol:
                raise BluegreenError(
                    f"Port {asked.port} is taken by {listener['ListenerArn']}, which listens to "
                    f"{listener['Protocol']}, not {protocol}; give another port."
                )
            _recognized(listener["ListenerArn"], listener["DefaultActions"], groups)
            return listener
    return None


def completed(route: ForwardRoute, weights: Percents) -> Forward:
    """The weights of a test route move with the releases: they are set only where a target group is not in it yet."""
    if set(weights) <= set(route.forward.weights):
        return route.forward
    return Forward(dict(weights), route.forward.stickiness)


def listener_request(asked: AskedTestRoute, production: Production, weights: Percents) -> dict[str, Any]:
    listener, protocol = production.listener, asked.protocol_of(production)
    secure = {}
    if protocol in ("HTTPS", "TLS"):
        secure = {key: listener[key] for key in ("SslPolicy", "AlpnPolicy") if listener.get(key)}
        secure["Certificates"] = [{"CertificateArn": each["CertificateArn"]} for each in listener["Certificates"][:1]]
    return {
        "LoadBalancerArn": listener["LoadBalancerArn"],
        "Port": asked.port,
        "Protocol": protocol,
        **secure,
        "DefaultActions": production.actions(weights),
        "Tags": TAGS,
    }


def rule_request(asked: AskedTestRoute, production: Production, weights: Percents) -> dict[str, Any]:
    """With the production rule's transforms, so that the candidate gets the URLs that it will get from users."""
    rule = production.rule or {}
    return {
        "ListenerArn": production.listener["ListenerArn"],
        "Priority": asked.priority,
        "Conditions": asked.conditions(production),
        "Actions": production.actions(weights),
        "Tags": TAGS,
        **({"Transforms": rule["Transforms"]} if rule.get("Transforms") else {}),
    }


def _recognized(arn: str, actions: Sequence[Item], groups: Collection[str]) -> ForwardRoute:
    """A route that leads to these target groups and nowhere else, and that a check can take."""
    kinds = [action["Type"] for action in actions if action["Type"] in SIGN_IN]
    if kinds:
        raise BluegreenError(f"{arn} is there already, but signs its users in ({kinds[0]}), which no check can.")
    forward = find_forward(f"{arn} is there already and", actions)
    if foreign := set(forward.weights) - set(groups):
        raise BluegreenError(
            f"{arn} is there already, but forwards to {', '.join(sorted(map(target_group_name, foreign)))}; "
            "give another port, or another priority and header."
        )
    return ForwardRoute.read(arn, actions)


def _check_priority(priority: int) -> None:
    if priority not in PRIORITIES:
        raise BluegreenError(
            f"Priority {priority} is not one that AWS accepts for a rule: {PRIORITIES[0]} to {PRIORITIES[-1]}."
        )


def _check_before(what: str, priority: Any, rule: Item) -> None:
    if int(rule["Priority"]) <= PRIORITIES[0]:
        raise BluegreenError(
            f"The production rule {rule['RuleArn']} has priority {rule['Priority']}, and a test route has to come "
            "before it. Give the production rule a higher number (aws elbv2 set-rule-priorities), then run again."
        )
    if int(priority) >= int(rule["Priority"]):
        raise BluegreenError(
            f"{what} comes after that of the production rule ({rule['Priority']}), which would take its "
            f"requests; give one below {rule['Priority']}."
        )
