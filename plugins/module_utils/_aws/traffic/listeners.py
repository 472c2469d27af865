# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing v2, what a load balancer listens to: one function, one API call (pages count as one)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.errors import doing

Client = Any
Item = dict[str, Any]


def describe_load_balancer(client: Client, arn: str) -> Item:
    with doing(f"reading {arn}"):
        return dict(client.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0])


def describe_balancer_attributes(client: Client, arn: str) -> dict[str, str]:
    with doing(f"reading the attributes of {arn}"):
        described = client.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    return {attribute["Key"]: attribute["Value"] for attribute in described}


def listeners_of(client: Client, load_balancer_arn: str) -> list[Item]:
    with doing(f"reading the listeners of {load_balancer_arn}"):
        pages = client.get_paginator("describe_listeners").paginate(LoadBalancerArn=load_balancer_arn)
        return [listener for page in pages for listener in page["Listeners"]]


def rules_of(client: Client, listener_arn: str) -> list[Item]:
    """The default rule among them."""
    with doing(f"reading the rules of {listener_arn}"):
        pages = client.get_paginator("describe_rules").paginate(ListenerArn=listener_arn)
        return [rule for page in pages for rule in page["Rules"]]


def certificates_of(client: Client, listener_arn: str) -> list[str]:
    """ARNs, the default certificate's first; DescribeListeners returns only that one."""
    with doing(f"reading the certificates of {listener_arn}"):
        pages = client.get_paginator("describe_listener_certificates").paginate(ListenerArn=listener_arn)
        found = [certificate for page in pages for certificate in page["Certificates"]]
    return [each["CertificateArn"] for each in sorted(found, key=lambda each: not each.get("IsDefault"))]


def add_certificate(client: Client, listener_arn: str, certificate: str) -> None:
    """ "You can specify one certificate per call" (AddListenerCertificates in the API reference)."""
    with doing(f"adding certificate {certificate} to {listener_arn}"):
        client.add_listener_certificates(ListenerArn=listener_arn, Certificates=[{"CertificateArn": certificate}])


def create_listener(client: Client, request: Mapping[str, Any]) -> Item:
    with doing(f"creating a listener on port {request['Port']} of {request['LoadBalancerArn']}"):
        return dict(client.create_listener(**request)["Listeners"][0])


def create_rule(client: Client, request: Mapping[str, Any]) -> Item:
    with doing(f"creating a rule with priority {request['Priority']} of {request['ListenerArn']}"):
        return dict(client.create_rule(**request)["Rules"][0])
