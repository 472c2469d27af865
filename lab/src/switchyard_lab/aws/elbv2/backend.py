# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing v2: what moto gets wrong or lacks on our path, fixed as AWS does it."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

import moto.elbv2.models as moto_elbv2
import moto.elbv2.urls
from moto.elbv2.exceptions import (
    DuplicateListenerError,
    DuplicateLoadBalancerName,
    ELBClientError,
    ListenerNotFoundError,
    LoadBalancerNotFoundError,
)

from ...address import Net
from . import actions as elbv2_actions
from .certificates import SECURE, check_certificates, check_change_of_protocol
from .conditions import check_conditions, check_priority, described, regexes_of
from .groups import LabTargetGroups
from .tags import check_room, check_tags
from .types import check_name, check_rules_allowed, check_zones, complete_load_balancer
from .validation import check_actions

RULES_PER_LISTENER = 100  # quota "Rules per Application Load Balancer", the default rule not counted


class LabELBv2(LabTargetGroups):
    net: ClassVar[Net]

    @property
    def _url_module(self) -> ModuleType:
        return moto.elbv2.urls

    def add_tags(self, resource_arns: list[str], tags: list[dict[str, str]]) -> None:
        check_tags(tags)
        for arn in resource_arns:
            self._get_resource_by_arn(arn)
            check_room(self.tagging_service.get_tag_dict_for_resource(arn), tags)
        for arn in resource_arns:
            self.tagging_service.tag_resource(arn, tags)

    # -- load balancers

    def create_load_balancer(  # type: ignore[override]  # moto lists each option
        self, name: str, *, tags: list[dict[str, str]] | None = None, **options: Any
    ) -> moto_elbv2.FakeLoadBalancer:
        """The DNS name is a loopback address that really answers. "If you attempt to create multiple load balancers
        with the same settings, each call succeeds" (the API reference), with the same one."""
        check_name(name)
        options["scheme"] = options.get("scheme") or "internet-facing"
        balancer = super().create_load_balancer(name, **options)
        del self.load_balancers[balancer.arn]
        check_zones(balancer.type, [subnet.availability_zone for subnet in balancer.subnets])
        if namesake := next((each for each in self.load_balancers.values() if each.name == name), None):
            if _settings(namesake) != _settings(balancer):
                raise DuplicateLoadBalancerName()
            return namesake
        complete_load_balancer(balancer, self.net.next_load_balancer_address())
        self.load_balancers[balancer.arn] = balancer
        self.tagging_service.tag_resource(balancer.arn, tags)
        return balancer

    def delete_load_balancer(self, arn: str) -> None:
        """A deleted load balancer frees its target groups."""
        super().delete_load_balancer(arn)
        self._associate()

    # -- listeners

    def create_listener(
        self,
        load_balancer_arn: str,
        protocol: str,
        port: str,
        ssl_policy: str,
        certificate: str | None,
        actions: list[dict[str, Any]],
        alpn_policy: list[str] | None = None,
        tags: list[dict[str, str]] | None = None,
    ) -> moto_elbv2.FakeListener:
        """Asked for once more with the same settings, the listener is simply returned; AWS calls this idempotent."""
        balancer = self.load_balancers.get(load_balancer_arn)
        if balancer is None:
            raise LoadBalancerNotFoundError()
        check_certificates(self.account_id, self.region_name, [certificate] if certificate else [])
        check_actions(self, actions, balancer.arn, protocol, kept=[])
        if twin := self._twin(balancer, protocol, port, actions):
            return twin
        self._check_port(balancer, port, except_arn=None)
        listener = super().create_listener(
            load_balancer_arn, protocol, port, ssl_policy, certificate, actions, alpn_policy, tags
        )
        if protocol not in SECURE:  # AWS returns a security policy for a secure listener only
            listener.ssl_policy = None  # type: ignore[assignment]  # moto declares no None
        self._store_default(listener, listener.default_actions)
        return listener

    def _twin(
        self, balancer: moto_elbv2.FakeLoadBalancer, protocol: str, port: str, actions: list[dict[str, Any]]
    ) -> moto_elbv2.FakeListener | None:
        wanted = elbv2_actions.stored(elbv2_actions.normalized([moto_elbv2.FakeAction(action) for action in actions]))
        for listener in balancer.listeners.values():
            if (listener.protocol, int(listener.port)) == (protocol, int(port)):
                return listener if elbv2_actions.stored(listener.default_actions) == wanted else None
        return None

    def modify_listener(
        self,
        arn: str,
        port: str | None = None,
        protocol: str | None = None,
        ssl_policy: str | None = None,
        certificates: list[dict[str, Any]] | None = None,
        actions: list[dict[str, Any]] | None = None,
    ) -> moto_elbv2.FakeListener:
        """Checked before anything changes: an unknown target group or a used port leaves the listener as it was."""
        listener = self.describe_listeners(None, [arn])[0]
        balancer = self.load_balancers[listener.load_balancer_arn]
        if port is not None:
            self._check_port(balancer, port, except_arn=arn)
        given, present = [each["CertificateArn"] for each in certificates or []], listener.certificates
        check_certificates(self.account_id, self.region_name, given)
        becomes = protocol or listener.protocol
        check_change_of_protocol(listener.protocol, becomes, ssl_policy, given)
        if actions:
            kept = elbv2_actions.stored(listener.default_actions)
            check_actions(self, actions, balancer.arn, becomes, kept)
        super().modify_listener(arn, port, None, ssl_policy, certificates, actions or [])
        listener.protocol = becomes  # moto refuses TLS
        if given:
            listener.certificates = list(dict.fromkeys([*given, *present]))
        if becomes not in SECURE:
            listener.certificates, listener.ssl_policy = [], None  # type: ignore[assignment]
        self._store_default(listener, listener.default_actions)
        return listener

    def add_listener_certificates(self, arn: str, certificates: list[dict[str, Any]]) -> list[str]:
        given = [each["CertificateArn"] for each in certificates]
        check_certificates(self.account_id, self.region_name, given)
        present = self.describe_listener_certificates(arn)
        return super().add_listener_certificates(arn, [{"CertificateArn": new} for new in given if new not in present])

    def delete_listener(self, listener_arn: str) -> moto_elbv2.FakeListener:
        listener = super().delete_listener(listener_arn)
        self._associate()
        return listener

    def describe_listeners(
        self, load_balancer_arn: str | None, listener_arns: list[str]
    ) -> list[moto_elbv2.FakeListener]:
        """One unknown ARN among known ones fails the call."""
        listeners = super().describe_listeners(load_balancer_arn, listener_arns)
        if listener_arns and {listener.arn for listener in listeners} != set(listener_arns):
            raise ListenerNotFoundError()
        return listeners

    def _check_port(self, balancer: moto_elbv2.FakeLoadBalancer, port: str, except_arn: str | None) -> None:
        for listener in balancer.listeners.values():
            if listener.arn != except_arn and int(listener.port) == int(port):
                raise DuplicateListenerError()

    def _store_default(self, listener: moto_elbv2.FakeListener, actions: list[moto_elbv2.FakeAction]) -> None:
        listener.default_actions = elbv2_actions.normalized(actions)
        listener._default_rule[0].actions = listener.default_actions
        self._associate()

    # -- rules

    def create_rule(self, listener_arn: str, conditions: Any, priority: int, actions: Any, tags: Any = None) -> Any:
        listener = self.describe_listeners(None, [listener_arn])[0]
        check_rules_allowed(self.load_balancers[listener.load_balancer_arn])
        if len(listener.rules) > RULES_PER_LISTENER:
            raise ELBClientError("TooManyRules", "The maximum number of rules per load balancer has been reached")
        check_priority(int(priority))
        check_conditions(conditions)
        check_actions(self, actions, listener.load_balancer_arn, listener.protocol, kept=[])
        rule = super().create_rule(listener_arn, conditions, int(priority), actions, tags)
        rule.conditions = list(map(described, conditions))
        rule.actions = elbv2_actions.normalized(rule.actions)
        self._associate()
        return rule

    def _validate_conditions(self, conditions: list[dict[str, Any]]) -> None:
        """moto knows no regular expressions."""
        super()._validate_conditions([condition for condition in conditions if not regexes_of(condition)])

    def modify_rule(self, rule_arn: str, conditions: Any, actions: Any) -> moto_elbv2.FakeRule:
        """The default rule is changed through its listener; AWS refuses to change it here."""
        rule = self.describe_rules(None, [rule_arn])[0]
        if rule.is_default:
            raise ELBClientError("OperationNotPermitted", f"Default rule '{rule_arn}' cannot be modified")
        if conditions:
            check_conditions(conditions)
        if actions:
            listener = self.describe_listeners(None, [rule.listener_arn])[0]
            kept = elbv2_actions.stored(rule.actions)
            check_actions(self, actions, listener.load_balancer_arn, listener.protocol, kept)
        super().modify_rule(rule_arn, list(map(described, conditions or [])), actions)
        rule.actions = elbv2_actions.normalized(rule.actions)
        self._associate()
        return rule

    def delete_rule(self, arn: str) -> None:
        """RuleNotFound for an unknown rule, and the default rule goes with its listener only."""
        rule = self.describe_rules(None, [arn])[0]
        if rule.is_default:
            raise ELBClientError("OperationNotPermitted", f"Default rule '{arn}' cannot be deleted")
        super().delete_rule(arn)
        self._associate()

    def describe_rules(self, listener_arn: str | None, rule_arns: list[str] | None) -> list[moto_elbv2.FakeRule]:
        """In the order of their priorities as numbers, the default rule last."""
        rules = super().describe_rules(listener_arn, rule_arns)
        return sorted(rules, key=lambda rule: (rule.is_default, 0 if rule.is_default else int(rule.priority)))


def _settings(balancer: moto_elbv2.FakeLoadBalancer) -> tuple[Any, ...]:
    subnets = {subnet.id for subnet in balancer.subnets}
    return balancer.type, balancer.scheme, subnets, {*balancer.security_groups}
