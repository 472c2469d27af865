# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes through the proxy comes out as it went in."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from .plane import APP_PORT, Plane, ask


@contextmanager
def raw_target(plane: Plane, *responses: bytes) -> Iterator[list[bytes]]:
    """A target that reads one request per connection, answers with the next response, and closes."""
    host = f"127.{plane.children.net.octet}.250.1"
    received: list[bytes] = []
    with socket.create_server((host, APP_PORT)) as server:

        def serve() -> None:
            for response in responses:
                connection, _client = server.accept()
                with connection:
                    received.append(connection.recv(65536))
                    connection.sendall(response)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        plane.group("raw")
        plane.groups["raw"]["in_use"] = False  # it fails open, so no health check comes among the requests
        plane.groups["raw"]["targets"] = [{"id": "raw", "host": host, "port": APP_PORT}]
        plane.forward({"raw": 1})
        plane.apply()
        yield received
        thread.join()


def test_methods_and_bodies_share_one_connection(shop: Plane) -> None:
    bodies = {"POST": b"x" * 3_000_000, "HEAD": None, "PUT": b"y", "DELETE": None, "GET": None}
    with closing(shop.connect()) as connection:
        for method, body in bodies.items():
            answer = ask(connection, f"/a/{method}?b=%2F", method, body=body)
            assert answer.status == 200
            if method == "HEAD":
                assert int(answer.headers["Content-Length"]) > 0
                assert answer.body == b""
            else:
                assert json.loads(answer.body)["method"] == method


def test_chunked_bodies_pass(shop: Plane) -> None:
    with closing(shop.connect()) as connection:
        answer = ask(connection, "/", "POST", body=iter([b"a" * 70_000, b"b"]), encode_chunked=True)
    assert answer.status == 200


def test_the_target_sees_the_request_and_who_sent_it(shop: Plane) -> None:
    with raw_target(shop, b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n") as received:
        answer = shop.get("/a%20b?c=d%26e", X_Forwarded_For="192.0.2.1", Host="shop.example.com")
    assert answer.status == 204
    head = received[0].decode().lower()
    assert head.startswith("get /a%20b?c=d%26e http/1.1")
    assert "host: shop.example.com" in head
    assert "x-forwarded-for: 192.0.2.1, 127." in head
    assert "x-forwarded-port: 8000" in head
    assert "x-forwarded-proto: http" in head


def test_response_headers_pass_as_they_are(shop: Plane) -> None:
    response = (
        b"HTTP/1.1 201 Made\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nServer: mine\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: 3\r\nConnection: close\r\n\r\nabc"
    )
    with raw_target(shop, response):
        answer = shop.get()
    assert (answer.status, answer.body) == (201, b"abc")
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert answer.headers["Server"] == "mine"
    assert answer.headers["Content-Encoding"] == "gzip"


def test_long_bodies_are_streamed(shop: Plane) -> None:
    body = b"z" * 5_000_000
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
    with raw_target(shop, head + b"\r\n" + body, head + b"Content-Length: 5000000\r\n\r\n" + body):
        assert shop.get().body == body
        assert shop.get().body == body


def test_a_target_that_closes_an_idle_connection_fails_no_request(shop: Plane) -> None:
    keep_alive = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with raw_target(shop, *[keep_alive] * 20):  # claims to keep the connection, and closes it
        assert [answer.status for answer in shop.get_many(20)] == [200] * 20


def test_a_body_that_the_target_breaks_off_is_broken_off_for_the_client(shop: Plane) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"
    with raw_target(shop, head + b"z" * 100_000), pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        shop.get()
