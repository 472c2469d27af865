# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing v2, the requests: paging and limits that moto does not know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.responses import ELBV2Response

from .backend import LabELBv2
from .certificates import SECURE
from .tags import check_room, check_tags

PAGE_SIZES = range(1, 401)
SLOW_STARTS = range(30, 901)  # seconds (TargetGroupAttribute in the API reference)
DEFAULT_PAGE_SIZE = 400
ARNS_PER_CALL = 20
# The defaults of a new account as far as known, not read from AWS; moto's are of years ago.
ACCOUNT_LIMITS = {
    "application-load-balancers": 50,
    "network-load-balancers": 50,
    "target-groups": 3000,
    "target-groups-per-application-load-balancer": 100,
    "target-groups-per-action-on-application-load-balancer": 5,
    "targets-per-application-load-balancer": 1000,
    "targets-per-network-load-balancer": 3000,
    "targets-per-availability-zone-per-network-load-balancer": 500,
    "listeners-per-application-load-balancer": 50,
    "listeners-per-network-load-balancer": 50,
    "rules-per-application-load-balancer": 100,
    "certificates-per-application-load-balancer": 25,
    "condition-values-per-alb-rule": 5,
    "condition-wildcards-per-alb-rule": 6,
}
LISTS_OF_NAMES = ("LoadBalancerArns", "Names", "ListenerArns", "RuleArns", "TargetGroupArns", "ResourceArns")


class LabELBv2Response(ELBV2Response):
    # "The default certificate for the listener", and no other (Listener in the API reference)
    RESPONSE_KEY_PATH_TO_TRANSFORMER = ELBV2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER | {
        f"{operation}Output.Listeners.Listener.Certificates": lambda arns: (
            [{"CertificateArn": arns[0]}] if arns else None
        )
        for operation in ("CreateListener", "DescribeListeners", "ModifyListener")
    }

    def create_listener(self) -> ActionResult:
        self._check_tags()
        self._check_one_certificate()
        self._check_certificate(self._get_param("Protocol"), self._get_param("Certificates", []))
        return super().create_listener()

    def create_load_balancer(self) -> ActionResult:
        self._check_tags()
        return super().create_load_balancer()

    def create_rule(self) -> ActionResult:
        self._check_tags()
        return super().create_rule()

    def create_target_group(self) -> ActionResult:
        self._check_tags()
        return super().create_target_group()

    def delete_load_balancer(self) -> ActionResult:
        balancer = self.elbv2_backend.load_balancers.get(self._get_param("LoadBalancerArn"))
        if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
            raise ELBClientError(
                "OperationNotPermitted",
                f"Load balancer '{balancer.arn}' cannot be deleted because deletion protection is enabled",
            )
        return super().delete_load_balancer()

    def modify_target_group_attributes(self) -> ActionResult:
        """ "You can't enable slow start mode when using the least outstanding requests … algorithm" (user guide)."""
        group = cast(LabELBv2, self.elbv2_backend).group(self._get_param("TargetGroupArn"))
        asked = {each["Key"]: each.get("Value", "") for each in self._get_param("Attributes", [])}
        wanted = {**group.attributes, **asked}
        slow = int(wanted.get("slow_start.duration_seconds", 0))
        if slow and slow not in SLOW_STARTS:
            raise ELBClientError(
                "ValidationError",
                f"'slow_start.duration_seconds' value '{slow}' must be between '30-900' inclusive, or 0",
            )
        if slow and wanted["load_balancing.algorithm.type"] != "round_robin":
            raise ELBClientError(
                "InvalidConfigurationRequest",
                "You cannot enable both slow start and the least outstanding requests algorithm on a target group",
            )
        return super().modify_target_group_attributes()

    def modify_listener(self) -> ActionResult:
        """moto knows no ALPN policy here …"""
        self._check_one_certificate()
        result = super().modify_listener()
        if policy := self._get_param("AlpnPolicy"):
            result.result["Listeners"][0].alpn_policy = policy  # type: ignore[index]  # moto types no result
        return result

    def add_listener_certificates(self) -> ActionResult:
        self._check_one_certificate()
        return super().add_listener_certificates()

    def remove_listener_certificates(self) -> ActionResult:
        self._check_one_certificate()
        return super().remove_listener_certificates()

    def modify_target_group(self) -> ActionResult:
        """… and no status of gRPC."""
        result = super().modify_target_group()
        if codes := self._get_param("Matcher.GrpcCode"):
            result.result["TargetGroups"][0].matcher = {"GrpcCode": codes}  # type: ignore[index]
        return result

    def describe_load_balancers(self) -> ActionResult:
        return self._page("LoadBalancers", super().describe_load_balancers, lambda balancer: balancer.arn)

    def describe_listeners(self) -> ActionResult:
        return self._page("Listeners", super().describe_listeners, lambda listener: listener.arn)

    def describe_target_groups(self) -> ActionResult:
        return self._page("TargetGroups", super().describe_target_groups, lambda group: group.arn)

    def describe_rules(self) -> ActionResult:
        return self._page("Rules", super().describe_rules, lambda rule: rule.arn)

    def describe_tags(self) -> ActionResult:
        """An unknown resource fails the call."""
        self._check_limits()
        for arn in self._get_param("ResourceArns", []):
            self.elbv2_backend._get_resource_by_arn(arn)
        return super().describe_tags()

    def describe_account_limits(self) -> ActionResult:
        return ActionResult({"Limits": [{"Name": name, "Max": str(value)} for name, value in ACCOUNT_LIMITS.items()]})

    def _page(self, member: str, describe: Callable[[], ActionResult], key: Callable[[Any], str]) -> ActionResult:
        """One page of what moto describes, asked for as a whole."""
        self._check_limits()
        size = self._get_int_param("PageSize", DEFAULT_PAGE_SIZE)
        marker = self._get_param("Marker")
        if size not in PAGE_SIZES:
            raise ELBClientError("ValidationError", f"Page size '{size}' must be between 1 and 400")
        self.params = {name: value for name, value in self.params.items() if name != "Marker"} | {"PageSize": 10**9}
        found: Sequence[Any] = list(describe().result[member])  # type: ignore[index]  # moto types no result
        start = 0 if marker is None else 1 + _position(found, key, marker)
        page = found[start : start + size]
        more = len(found) > start + size
        return ActionResult({member: page, "NextMarker": key(page[-1]) if more else None})

    def _check_limits(self) -> None:
        """At most 20 resources can be named in one describe call."""
        for name in LISTS_OF_NAMES:
            if len(self._get_param(name, [])) > ARNS_PER_CALL:
                raise ELBClientError("ValidationError", f"'{name}' can have at most {ARNS_PER_CALL} members")

    def _check_tags(self) -> None:
        tags = self._get_param("Tags", [])
        check_tags(tags)
        check_room({}, tags)

    def _check_one_certificate(self) -> None:
        """ "You can specify one certificate per call" (AddListenerCertificates in the API reference); in the words of
        github.com/aws/aws-cdk/issues/3757."""
        given = len(self._get_param("Certificates", []))
        if given > 1:
            raise ELBClientError(
                "TooManyCertificates", f"Up to '1' certificate ARNs can be specified, but '{given}' were specified"
            )

    @staticmethod
    def _check_certificate(protocol: str | None, certificates: Sequence[Any]) -> None:
        secure = protocol in SECURE
        if secure and len(certificates) != 1:
            raise ELBClientError(
                "ValidationError", f"Exactly one certificate must be specified for {protocol} listeners"
            )
        if certificates and not secure:
            raise ELBClientError("ValidationError", f"A certificate cannot be specified for {protocol} listeners")


def _position(found: Sequence[Any], key: Callable[[Any], str], marker: str) -> int:
    for position, item in enumerate(found):
        if key(item) == marker:
            return position
    raise ELBClientError("ValidationError", f"Invalid marker '{marker}'")
