# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to servers that misbehave as real ones do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.checks.requests import Http
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Serve = Callable[[socket.socket], None]


@contextmanager
def server(serve: Serve) -> Iterator[str]:
    """Serves one connection, and ends with it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        connection, _address = listener.accept()
        with connection:
            serve(connection)

    thread = Thread(target=accept)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join()
        listener.close()


def answer(connection: socket.socket, text: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") -> None:
    connection.recv(65536)
    connection.sendall(text)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Nobody vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "candidate")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.mark.parametrize(("validate_certs", "status"), [(True, 0), (False, 200)])
def test_a_certificate_that_nobody_vouches_for(certificate: Path, validate_certs: bool, status: int) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                answer(secure)
        except ssl.SSLError:  # the client refuses
            pass

    with server(serve) as address:
        reply = Http(10, validate_certs)("GET", f"https://{address}/", {})
    assert reply.status == status
    assert ("CERTIFICATE_VERIFY_FAILED" in (reply.error or "")) is validate_certs


def test_an_answer_that_never_comes() -> None:
    done = Event()
    with server(lambda _connection: done.wait() and None) as address:
        reply = Http(0.2, True)("GET", f"http://{address}/", {})
        done.set()
    assert "timed out" in str(reply.error)
    assert reply.milliseconds >= 200


def test_an_answer_that_comes_in_drops_and_never_ends() -> None:
    gone = Event()

    def drip(connection: socket.socket) -> None:
        answer(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not gone.wait(0.02):
            connection.sendall(b".")

    with server(drip) as address:
        reply = Http(0.3, True)("GET", f"http://{address}/", {})
        gone.set()
    assert reply.error == "the answer was not complete after 0.3 s"


@pytest.mark.parametrize("sent", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"])
def test_what_is_no_whole_answer_is_an_error(sent: bytes) -> None:
    with server(lambda connection: answer(connection, sent)) as address:
        assert Http(10, True)("GET", f"http://{address}/", {}).error


def test_a_header_that_http_cannot_carry_is_an_error_of_its_request() -> None:
    reply = Http(10, True)("GET", "http://127.0.0.1:9/", {"X-Bad": "a\nb"})
    assert "header" in str(reply.error)


def test_bytes_that_are_not_text_are_shown_as_far_as_they_are() -> None:
    sent = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=latin-1\r\nContent-Length: 1\r\n\r\n\xe9"
    with server(lambda connection: answer(connection, sent)) as address:
        assert Http(10, True)("GET", f"http://{address}/", {}).body == "é"


@pytest.mark.parametrize("encoding", [b"utf8mb4", b"hex"])
def test_an_encoding_that_python_does_not_know(encoding: bytes) -> None:
    text = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=" + encoding + b"\r\nContent-Length: 2\r\n\r\nok"
    with server(lambda connection: answer(connection, text)) as place:
        reply = Http(timeout=5, validate_certs=True)("GET", f"http://{place}/", {})
    assert (reply.status, reply.body, reply.error) == (200, "ok", None)
