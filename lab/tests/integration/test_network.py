# SPDX-License-Identifier: GPL-3.0-or-later
"""Network Load Balancers through the API: what AWS has and refuses, and connections that go by its weights."""

from __future__ import annotations

import urllib.error
from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, forward, refusal, status

FOR_A_MINUTE = {"Enabled": True, "DurationSeconds": 60}
FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


def network(scene: Scene) -> str:
    return scene.load_balancer(Type="network")


def attributes(scene: Scene, target_group: str) -> dict[str, str]:
    found = scene.elbv2.describe_target_group_attributes(TargetGroupArn=target_group)["Attributes"]
    return {each["Key"]: each["Value"] for each in found}


def is_reset(url: str) -> bool:
    try:
        status(url)
    except ConnectionResetError:  # while the answer is awaited; else urllib wraps it
        return True
    except urllib.error.URLError as error:
        return isinstance(error.reason, ConnectionResetError)
    return False


def test_connections_go_by_the_weights(scene: Scene) -> None:
    blue, green = scene.target_group(Protocol="TCP"), scene.target_group(Protocol="TCP", HealthCheckProtocol="TCP")
    listener = scene.listener({blue: 100, green: 0}, network(scene), Protocol="TCP")
    assert ":listener/net/" in listener
    scene.in_service(scene.group(1, (blue,)), 1)
    assert eventually(lambda: status(scene.url(listener)), lambda seen: seen == 200)
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({blue: 0, green: 100})])
    assert eventually(lambda: is_reset(scene.url(listener)), lambda seen: seen), "green is empty"


def test_a_target_group_has_the_attributes_of_its_load_balancer(scene: Scene) -> None:
    tcp, http = attributes(scene, scene.target_group(Protocol="TCP")), attributes(scene, scene.target_group())
    assert tcp["deregistration_delay.connection_termination.enabled"] == "false"
    assert tcp["stickiness.type"] == "source_ip"
    assert not {"slow_start.duration_seconds", "load_balancing.algorithm.type"} & tcp.keys()
    assert not [key for key in http if key.startswith(("preserve_client_ip", "deregistration_delay.connection"))]


def test_a_tls_listener_is_made_with_a_certificate(scene: Scene) -> None:
    group = scene.target_group(Protocol="TCP")
    wanted = {"LoadBalancerArn": network(scene), "Protocol": "TLS", "Port": 8443}
    certificate = {"CertificateArn": scene.certificate()}
    actions = [forward({group: 100})]
    assert refusal(scene.elbv2.create_listener, **wanted, DefaultActions=actions) == "ValidationError"
    made = scene.elbv2.create_listener(**wanted, DefaultActions=actions, Certificates=[certificate])["Listeners"][0]
    assert (made["Protocol"], made["Certificates"][0]["CertificateArn"]) == ("TLS", certificate["CertificateArn"])


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"Protocol": "TCP", "groups": ["HTTP"]}, "IncompatibleProtocols"),
        ({"Protocol": "TCP", "groups": ["TLS"]}, "IncompatibleProtocols"),
        ({"Protocol": "TCP", "groups": ["TCP", "UDP"]}, "IncompatibleProtocols"),
        ({"Protocol": "TCP", "groups": ["TCP"], "actions": [FIXED]}, "InvalidLoadBalancerAction"),
        ({"Protocol": "TCP", "groups": ["TCP"], "stickiness": FOR_A_MINUTE}, "ValidationError"),
    ],
)  # fmt: skip
def test_what_no_listener_of_a_network_load_balancer_can_be(scene: Scene, wanted: dict[str, Any], code: str) -> None:
    groups = [scene.target_group(Protocol=protocol, HealthCheckProtocol="HTTP") for protocol in wanted["groups"]]
    action = forward(dict.fromkeys(groups, 50))
    action["ForwardConfig"] |= {"TargetGroupStickinessConfig": wanted.get("stickiness", {"Enabled": False})}
    options = {"Protocol": wanted["Protocol"], "Port": 8100, "DefaultActions": wanted.get("actions", [action])}
    assert refusal(scene.elbv2.create_listener, LoadBalancerArn=network(scene), **options) == code


def test_it_has_no_rules_and_its_stickiness_no_duration(scene: Scene) -> None:
    blue, green = scene.target_group(Protocol="TCP"), scene.target_group(Protocol="TCP")
    action = forward({blue: 50, green: 50})
    action["ForwardConfig"]["TargetGroupStickinessConfig"] = {"Enabled": True}
    listener = scene.listener({}, network(scene), Protocol="TCP", DefaultActions=[action])
    reported = scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"][0]
    assert reported["ForwardConfig"]["TargetGroupStickinessConfig"] == {"Enabled": True}
    conditions = [{"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}]
    rule = {"ListenerArn": listener, "Priority": 1, "Conditions": conditions, "Actions": [action]}
    assert refusal(scene.elbv2.create_rule, **rule) == "InvalidConfigurationRequest"


def test_an_unhealthy_target_drains_for_as_long_as_is_set(scene: Scene) -> None:
    group = scene.target_group(Protocol="TCP", HealthCheckProtocol="HTTP")
    values = {"connection_termination.enabled": "false", "draining_interval_seconds": "60"}
    scene.elbv2.modify_target_group_attributes(
        TargetGroupArn=group,
        Attributes=[{"Key": f"target_health_state.unhealthy.{key}", "Value": value} for key, value in values.items()],
    )
    scene.listener({group: 1}, network(scene), Protocol="TCP")
    (instance,) = scene.in_service(scene.group(1, (group,)), 1)
    scene.healthy(group, 1)
    scene.lab.fault(instance=instance, action="unhealthy")
    eventually(lambda: list(scene.health(group).values()), lambda states: states == ["unhealthy.draining"])
    eventually(lambda: list(scene.health(group).values()), lambda states: states == ["unhealthy"])
