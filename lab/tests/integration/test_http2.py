# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/2 and gRPC through a load balancer: each request of a connection goes its own way."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest

from switchyard_lab.authority import trusting
from switchyard_lab.http2 import Headers, Line, Stream, connected
from switchyard_lab.scene import Scene, eventually, forward, refusal, status

MESSAGE = b"\0\0\0\0\2hi"
GRPC = [("content-type", "application/grpc"), ("te", "trailers")]


class Client:
    """One connection to a listener."""

    def __init__(self, line: Line, authority: str) -> None:
        self._line = line
        self._authority = authority

    def open(self, method: str, path: str, headers: Headers = (), *, end: bool = False) -> Stream:
        pseudo = [(":method", method), (":scheme", "https"), (":authority", self._authority), (":path", path)]
        return self._line.open([*pseudo, *headers], end=end)

    async def get(self, path: str = "/", headers: Headers = ()) -> dict[str, str]:
        return await answer(self.open("GET", path, headers, end=True))

    async def call(self, method: str = "/shop.Orders/List") -> dict[str, str]:
        """Of gRPC, with one message."""
        stream = self.open("POST", method, GRPC)
        await stream.send(MESSAGE, end=True)
        return await answer(stream)


async def answer(stream: Stream) -> dict[str, str]:
    """Headers, trailers, and the body."""
    found, body = dict(await stream.headers()), b""
    async for piece in stream.body():
        if isinstance(piece, bytes):
            body += piece
        else:
            found |= dict(piece)
    return {**found, "body": body.decode()}


def by_http2(scene: Scene, listener: str, work: Any) -> Any:
    """What ``work`` returns of a client."""
    address = urlsplit(scene.url(listener))
    assert address.hostname
    assert address.port

    async def scenario() -> Any:
        context = trusting(scene.lab.ca_path)
        context.set_alpn_protocols(["h2"])
        async with connected(address.hostname or "", address.port or 0, context) as line:
            return await work(Client(line, address.netloc))

    return asyncio.run(asyncio.wait_for(scenario(), 30))


def served(scene: Scene, version: str, *releases: str, **options: Any) -> tuple[str, list[str]]:
    """An HTTPS listener that splits evenly, and its target groups: of an instance each, that speaks HTTP/2."""
    groups = [scene.target_group(ProtocolVersion=version, HealthCheckPath=None, **options) for _release in releases]
    balancer = scene.load_balancer()
    listener = scene.listener(dict.fromkeys(groups, 1), balancer, port=443, **scene.secure(balancer))
    for group, release in zip(groups, releases, strict=True):
        tags = {"http2_port": "8080"} if version != "HTTP1" else {}
        template = scene.template(scene.image(release=release, **tags))
        scene.group(1, (group,), LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    for group in groups:
        scene.healthy(group, 1)
    return listener, groups


def test_calls_of_one_connection_go_by_the_weights(scene: Scene) -> None:
    """Where a load balancer of connections would send all of them to one target."""
    listener, (blue, green) = served(scene, "GRPC", "blue", "green")

    async def calls(client: Client) -> list[dict[str, str]]:
        return list(await asyncio.gather(*[client.call() for _call in range(40)]))

    answers = by_http2(scene, listener, calls)
    assert {(each[":status"], each["grpc-status"], each["body"]) for each in answers} == {("200", "0", "\0" * 5)}
    assert Counter(each["x-release"] for each in answers).keys() == {"blue", "green"}
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({blue: 0, green: 1})])
    answers = by_http2(scene, listener, calls)
    assert {each["x-release"] for each in answers} == {"green"}


def test_a_call_that_lasts_stays_where_it_is_while_the_weights_move(scene: Scene) -> None:
    listener, (blue, green) = served(scene, "GRPC", "blue", "green")
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({blue: 1, green: 0})])

    async def conversation(client: Client) -> tuple[str, str, str]:
        stream = client.open("POST", "/shop.Orders/Watch", GRPC)
        await stream.send(MESSAGE)
        first = dict(await stream.headers())
        move = [forward({blue: 0, green: 1})]
        await asyncio.to_thread(scene.elbv2.modify_listener, ListenerArn=listener, DefaultActions=move)
        other = await client.call()
        await stream.send(MESSAGE, end=True)
        trailers: dict[str, str] = {}
        async for piece in stream.body():
            trailers |= {} if isinstance(piece, bytes) else dict(piece)
        return first["x-release"], other["x-release"], trailers["grpc-status"]

    assert by_http2(scene, listener, conversation) == ("blue", "green", "0")


def test_versions_that_do_not_fit_are_answered_464(scene: Scene) -> None:
    grpc, _groups = served(scene, "GRPC", "one")
    assert status(scene.url(grpc), scene.lab.ca_path) == 464
    assert by_http2(scene, grpc, lambda client: client.get())[":status"] == "464"
    plain, _groups = served(scene, "HTTP1", "one")
    assert by_http2(scene, plain, lambda client: client.call())[":status"] == "464"


def test_http2_is_translated_for_targets_that_do_not_speak_it(scene: Scene) -> None:
    listener, _groups = served(scene, "HTTP1", "one")

    async def requests(client: Client) -> list[dict[str, str]]:
        stream = client.open("POST", "/orders")
        await stream.send(b"x" * 200_000, end=True)
        return [await client.get("/a?b=1"), await answer(stream)]

    got, posted = by_http2(scene, listener, requests)
    assert (got[":status"], got["x-release"], posted[":status"]) == ("200", "one", "200")
    assert ('"path": "/a"' in got["body"], '"method": "POST"' in posted["body"]) == (True, True)
    assert status(scene.url(listener), scene.lab.ca_path) == 200


def test_targets_that_speak_http2_with_tls(scene: Scene) -> None:
    group = scene.target_group(Protocol="HTTPS", HealthCheckProtocol="HTTPS", ProtocolVersion="HTTP2")
    balancer = scene.load_balancer()
    listener = scene.listener({group: 1}, balancer, port=443, **scene.secure(balancer))
    template = scene.template(scene.image(release="one", http2_port="8080", tls_port="8080"))
    scene.group(1, (group,), LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    scene.healthy(group, 1)
    assert by_http2(scene, listener, lambda client: client.get())["x-release"] == "one"
    assert status(scene.url(listener), scene.lab.ca_path) == 464


@pytest.mark.parametrize(("matcher", "state"), [({}, "healthy"), ({"Matcher": {"GrpcCode": "0"}}, "unhealthy")])
def test_the_health_of_grpc_is_its_status(scene: Scene, matcher: dict[str, Any], state: str) -> None:
    """12, which is UNIMPLEMENTED, is what a target answers that has no such method, and the default that passes."""
    group = scene.target_group(ProtocolVersion="GRPC", HealthCheckPath=None, **matcher)
    (described,) = scene.elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"]
    assert described["HealthCheckPath"] == "/AWS.ALB/healthcheck"
    assert described["Matcher"] == (matcher.get("Matcher") or {"GrpcCode": "12"})
    balancer = scene.load_balancer()
    scene.listener({group: 1}, balancer, **scene.secure(balancer))
    template = scene.template(scene.image(http2_port="8080"))
    scene.group(1, (group,), LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    eventually(lambda: list(scene.health(group).values()), lambda states: states == [state])
    scene.elbv2.modify_target_group(TargetGroupArn=group, Matcher={"GrpcCode": "0-12"})
    eventually(lambda: list(scene.health(group).values()), lambda states: states == ["healthy"])


@pytest.mark.parametrize("version", ["HTTP2", "GRPC"])
def test_only_an_https_listener_forwards_by_http2(scene: Scene, version: str) -> None:
    asked = {"LoadBalancerArn": scene.load_balancer(), "Protocol": "HTTP", "Port": 80}
    actions = [forward({scene.target_group(ProtocolVersion=version): 1})]
    code = refusal(scene.elbv2.create_listener, **asked, DefaultActions=actions)
    assert code == "InvalidConfigurationRequest"
