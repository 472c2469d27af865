# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners and targets that speak TLS: which certificate is presented, and what AWS refuses."""

from __future__ import annotations

import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from switchyard_lab.authority import trusting
from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene, eventually, forward, refusal, status

FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "204"}}
UNKNOWN = {"CertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"}


def listener_with(scene: Scene, certificate: str, **options: Any) -> str:
    given = {"Protocol": "HTTPS", "Certificates": [{"CertificateArn": certificate}], "DefaultActions": [FIXED]}
    return scene.listener({}, port=443, **(given | options))


def presented(scene: Scene, url: str, name: str, highest: ssl.TLSVersion | None = None) -> Sequence[str]:
    """The names in the certificate that a client of the lab's authority is shown, when it asks for this one."""
    context = trusting(scene.lab.ca_path)
    context.check_hostname = False  # which certificate it is, is what is asked
    context.maximum_version = highest or context.maximum_version
    address = urlsplit(url)
    with (
        socket.create_connection((address.hostname, address.port), timeout=10) as connection,
        context.wrap_socket(connection, server_hostname=name) as secured,
    ):
        names: Any = secured.getpeercert()
    return [value for _kind, value in names["subjectAltName"]]


def when_open(scene: Scene, url: str, name: str) -> Sequence[str]:
    with suppress(ConnectionRefusedError):
        return presented(scene, url, name)
    return []


def test_the_certificate_is_chosen_by_the_name_that_a_client_asks_for(scene: Scene) -> None:
    default, shop, wild = (scene.certificate(f"{name}.example.com") for name in ("web", "shop", "*.wild"))
    listener = listener_with(scene, default)
    more = [{"CertificateArn": arn} for arn in (shop, wild)]
    for each in more:
        scene.elbv2.add_listener_certificates(ListenerArn=listener, Certificates=[each])
    url = scene.url(listener)
    eventually(lambda: when_open(scene, url, "shop.example.com"), lambda names: names == ["shop.example.com"])
    assert presented(scene, url, "a.wild.example.com") == ["*.wild.example.com"]
    assert presented(scene, url, "a.b.wild.example.com") == presented(scene, url, "other.org") == ["web.example.com"]

    scene.elbv2.modify_listener(ListenerArn=listener, Certificates=more[:1])
    eventually(lambda: presented(scene, url, "other.org"), lambda names: names == ["shop.example.com"])
    found = scene.elbv2.describe_listener_certificates(ListenerArn=listener)["Certificates"]
    assert [(each["CertificateArn"], each["IsDefault"]) for each in found] == [
        (shop, True), (default, False), (wild, False),
    ]  # fmt: skip
    assert scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["Certificates"] == more[:1]


def test_a_listener_comes_to_speak_tls_with_a_policy_and_a_certificate_and_loses_both_with_it(scene: Scene) -> None:
    balancer = scene.load_balancer()
    listener = scene.listener({}, balancer, DefaultActions=[FIXED])
    secure = scene.secure(balancer)
    assert refusal(scene.elbv2.modify_listener, ListenerArn=listener, **secure) == "ValidationError"
    scene.elbv2.modify_listener(ListenerArn=listener, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06", **secure)
    url = scene.url(listener)
    eventually(lambda: when_open(scene, url, "web.example.com"), bool)
    (plain,) = scene.elbv2.modify_listener(ListenerArn=listener, Protocol="HTTP")["Listeners"]
    assert (plain.get("SslPolicy"), plain.get("Certificates", [])) == (None, [])
    eventually(lambda: status(scene.url(listener)), lambda seen: seen == 204)


def test_who_does_not_know_the_authority_and_who_speaks_no_tls_get_no_answer(scene: Scene) -> None:
    balancer = scene.load_balancer()
    url = scene.url(scene.listener({}, balancer, DefaultActions=[FIXED], **scene.secure(balancer)))
    eventually(lambda: when_open(scene, url, "web.example.com"), bool)
    assert status(url, scene.lab.ca_path) == 204
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        status(url)
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        status(url.replace("https", "http"))


def test_a_policy_says_which_versions_are_spoken(scene: Scene) -> None:
    certificate = scene.certificate("web.example.com")
    url = scene.url(listener_with(scene, certificate, SslPolicy="ELBSecurityPolicy-TLS13-1-3-2021-06"))
    eventually(lambda: when_open(scene, url, "web.example.com"), bool)
    with pytest.raises(ssl.SSLError):
        presented(scene, url, "web.example.com", ssl.TLSVersion.TLSv1_2)


def test_a_redirect_to_the_same_protocol_is_one_to_https(scene: Scene) -> None:
    redirect = {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_302", "Host": "web.example.com"}}
    balancer = scene.load_balancer()
    url = scene.url(scene.listener({}, balancer, DefaultActions=[redirect], **scene.secure(balancer)))
    eventually(lambda: when_open(scene, url, "web.example.com"), bool)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_arguments: Any) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting(scene.lab.ca_path)), Stay)
    with pytest.raises(urllib.error.HTTPError) as answered:
        opener.open(f"{url}a?b=1")
    assert answered.value.headers["Location"] == f"https://web.example.com:{urlsplit(url).port}/a?b=1"


def test_certificates_are_those_of_the_account(scene: Scene) -> None:
    listener = listener_with(scene, scene.certificate())
    balancer = scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["LoadBalancerArn"]
    wanted = {"LoadBalancerArn": balancer, "Protocol": "HTTPS", "Port": 9443, "DefaultActions": [FIXED]}
    uploaded = {"CertificateArn": "arn:aws:iam::123456789012:server-certificate/none"}
    for unknown in (UNKNOWN, uploaded):
        assert refusal(scene.elbv2.create_listener, **wanted, Certificates=[unknown]) == "CertificateNotFound"
        change = {"ListenerArn": listener, "Certificates": [unknown]}
        assert refusal(scene.elbv2.modify_listener, **change) == "CertificateNotFound"
        assert refusal(scene.elbv2.add_listener_certificates, **change) == "CertificateNotFound"


def test_a_call_names_one_certificate(scene: Scene) -> None:
    listener, two = listener_with(scene, scene.certificate()), [UNKNOWN, UNKNOWN]
    balancer = scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["LoadBalancerArn"]
    wanted = {"LoadBalancerArn": balancer, "Protocol": "HTTPS", "Port": 9443, "DefaultActions": [FIXED]}
    assert refusal(scene.elbv2.create_listener, **wanted, Certificates=two) == "TooManyCertificates"
    elbv2 = scene.elbv2
    for change in (elbv2.modify_listener, elbv2.add_listener_certificates, elbv2.remove_listener_certificates):
        assert refusal(change, ListenerArn=listener, Certificates=two) == "TooManyCertificates"


def test_what_acm_issues_is_of_use_when_it_is_issued(scene: Scene) -> None:
    acm = scene.lab.client("acm")
    requested = acm.request_certificate(DomainName="shop.example.com", SubjectAlternativeNames=["*.shop.example.com"])
    certificate = {"CertificateArn": requested["CertificateArn"]}
    wanted = {"LoadBalancerArn": scene.load_balancer(), "Protocol": "HTTPS", "Port": 8443, "DefaultActions": [FIXED]}
    assert refusal(scene.elbv2.create_listener, **wanted, Certificates=[certificate]) == "UnsupportedCertificate"
    eventually(lambda: acm.describe_certificate(**certificate)["Certificate"]["Status"], lambda seen: seen == "ISSUED")
    (made,) = scene.elbv2.create_listener(**wanted, Certificates=[certificate])["Listeners"]
    url = scene.url(made["ListenerArn"])
    names = eventually(lambda: when_open(scene, url, "shop.example.com"), bool)
    assert sorted(names) == ["*.shop.example.com", "shop.example.com"]


def test_a_tls_listener_of_a_network_load_balancer_decrypts(scene: Scene) -> None:
    balancer, targets = scene.load_balancer(Type="network"), scene.target_group(Protocol="TCP")
    listener = scene.listener({targets: 1}, balancer, **scene.secure(balancer, "TLS"))
    scene.group(1, (targets,))
    scene.healthy(targets, 1)
    with BackgroundLoad(scene.url(listener), rate=50, keep_alive=False, ca=scene.lab.ca_path) as load:
        assert status(scene.url(listener), scene.lab.ca_path) == 200
    assert load.result.failed == 0


@pytest.mark.parametrize(("kind", "protocol", "listens"), [("application", "HTTPS", "HTTP"), ("network", "TLS", "TLS")])
def test_targets_that_speak_tls_are_not_asked_who_signed_it(
    scene: Scene, kind: str, protocol: str, listens: str
) -> None:
    """And those that do not are no use to a target group that expects it."""
    groups = [scene.target_group(Protocol=protocol, Port=8443, HealthCheckProtocol="HTTPS") for _color in range(2)]
    balancer = scene.load_balancer(Type=kind)
    options = scene.secure(balancer) | {"Protocol": listens} if listens == "TLS" else {"Protocol": listens}
    listener = scene.listener(dict.fromkeys(groups, 1), balancer, **options)
    for group, tags in zip(groups, ({"tls_port": "8443"}, {}), strict=True):
        template = scene.template(scene.image(**tags))
        scene.group(1, (group,), LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    scene.healthy(groups[0], 1)
    eventually(lambda: list(scene.health(groups[1]).values()), lambda states: states == ["unhealthy"])
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({groups[0]: 1})])
    assert eventually(lambda: status(scene.url(listener), scene.lab.ca_path), lambda seen: seen == 200)
    if kind == "application":  # where no target is healthy, requests go to all of them
        scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({groups[1]: 1})])
        assert eventually(lambda: status(scene.url(listener), scene.lab.ca_path), lambda seen: seen == 502)
