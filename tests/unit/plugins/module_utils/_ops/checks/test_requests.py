# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to servers that misbehave as real ones do."""

from __future__ import annotations

import codecs
import gzip
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.checks.replies import Reply
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
    """Of 127.0.0.1. Nobody vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "candidate")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def secure(certificate: Path) -> Serve:
    """Answers by TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as wrapped:  # the client may refuse
            answer(wrapped)

    return serve


def test_a_certificate_that_nobody_vouches_for(certificate: Path) -> None:
    with server(secure(certificate)) as address:
        reply = Http(10, validate_certs=True)("GET", f"https://{address}/", {})
    assert (reply.status, reply.final) == (0, True)
    assert str(reply.error).startswith("the server's certificate is not valid: self-signed certificate. If")


@pytest.mark.parametrize("named", [True, False])
def test_an_authority_of_ones_own_and_none_at_all(certificate: Path, named: bool) -> None:
    http = Http(10, True, ca_path=str(certificate)) if named else Http(10, validate_certs=False)
    with server(secure(certificate)) as address:
        assert http("GET", f"https://{address}/", {}).body == "ok"


def test_a_certificate_of_another_host(certificate: Path) -> None:
    with server(secure(certificate)) as address:
        reply = Http(10, True, ca_path=str(certificate))("GET", f"https://localhost:{address.split(':')[1]}/", {})
    assert reply.final
    assert "certificate is not valid for 'localhost'" in str(reply.error)


def test_tls_with_a_server_that_speaks_http() -> None:
    with server(answer) as address:
        reply = Http(10, True)("GET", f"https://{address}/", {})
    assert (reply.error, reply.final) == ("TLS failed (wrong version number)", True)


def test_authorities_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("none", encoding="utf-8")
    for path, why in (("nowhere", "No such file or directory"), ("text", "it has no certificate in PEM format")):
        with pytest.raises(BluegreenError, match=rf"ca_path .*{path} cannot be read: {why}\."):
            Http(10, True, ca_path=str(tmp_path / path))


def test_an_answer_that_never_comes() -> None:
    done = Event()
    with server(lambda _connection: done.wait() and None) as address:
        reply = Http(0.2, True)("GET", f"http://{address}/", {})
        done.set()
    assert reply.error == "the answer was not complete after 0.2 s"
    assert reply.milliseconds >= 200


BEGUN = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n"


@pytest.mark.parametrize("begun", [b"HTTP/1.1 2", BEGUN, BEGUN + b"\r\n", b"HTTP/1.1 100 Continue\r\n"])
def test_an_answer_that_comes_in_drops_and_never_ends(begun: bytes) -> None:
    """In its first line, in its headers, in its body, and in an answer before it."""
    reply = dripped(begun, lambda address: Http(0.3, True)("GET", f"http://{address}/", {}))
    assert reply.error == "the answer was not complete after 0.3 s"
    assert reply.milliseconds < 4000


def test_a_proxy_that_never_ends_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(address: str) -> Reply:
        monkeypatch.setenv("https_proxy", address)
        return Http(0.3, True)("GET", "https://candidate.invalid/", {})

    reply = dripped(b"HTTP/1.1 200 Connection est", ask)
    assert reply.error == "the answer was not complete after 0.3 s"
    assert reply.milliseconds < 4000


def dripped(begun: bytes, ask: Callable[[str], Reply]) -> Reply:
    """The reply of a server that sends one more byte now and then."""
    gone = Event()

    def drip(connection: socket.socket) -> None:
        answer(connection, begun)
        with suppress(OSError):
            while not gone.wait(0.02):
                connection.sendall(b".")

    with server(drip) as address:
        reply = ask(address)
        gone.set()
    return reply


def test_a_name_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_kind: done.wait(5) and [])
    reply = Http(0.2, True)("GET", "http://candidate.invalid/", {})
    done.set()
    assert reply.error == "the answer was not complete after 0.2 s"
    assert reply.milliseconds < 4000


def test_a_host_of_two_addresses_whose_first_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(answer) as address:
        port = int(address.split(":")[1])
        found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port)) for host in ("127.0.0.9", "127.0.0.1")]
        asked = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *more, **kind: found if host == "two" else asked(host, *more, **kind)
        )
        monkeypatch.setenv("no_proxy", "two")
        assert Http(10, True)("GET", f"http://two:{port}/", {}).body == "ok"


def test_of_a_body_without_end_only_so_much_is_read() -> None:
    def pour(connection: socket.socket) -> None:
        answer(connection, b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b"x" * 65536)

    with server(pour) as address:
        reply = Http(10, True)("GET", f"http://{address}/", {}, most=100_000)
    assert (reply.body, reply.error) == ("x" * 100_000, None)
    assert reply.excerpt().endswith('…" (of which only the first 100000 bytes are read)')


def compressed(coding: str, body: bytes) -> Reply:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n"
    with server(lambda connection: answer(connection, head.encode() + body)) as address:
        return Http(10, True)("GET", f"http://{address}/", {}, most=1000)


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_body(coding: str, compress: Callable[[bytes], bytes]) -> None:
    reply = compressed(coding, compress(b"ok"))
    assert (reply.body, reply.unread) == ("ok", "")


@pytest.mark.parametrize(
    ("coding", "body", "read", "unread"),
    [
        pytest.param(
            "gzip", gzip.compress(b"0" * 10**6), 1000, "of which only the first 1000 bytes are read", id="bomb"
        ),
        pytest.param("gzip", gzip.compress(b"ok")[:-4], 2, "its compressed end is missing", id="cut"),
        pytest.param("gzip", b"ok", 0, "it is not compressed as its Content-Encoding says", id="plain"),
        pytest.param("br", b"ok", 0, "its Content-Encoding is not one that is read here", id="unknown"),
    ],
)
def test_a_compressed_body_that_is_not_read_as_a_whole(coding: str, body: bytes, read: int, unread: str) -> None:
    reply = compressed(coding, body)
    assert (reply.status, len(reply.body), reply.unread) == (200, read, unread)


def test_a_proxy_is_for_others_than_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with server(answer) as address:
        assert Http(10, True)("GET", f"http://{address}/", {}).body == "ok"
    with server(answer) as address:
        monkeypatch.setenv("http_proxy", address)
        assert Http(10, True)("GET", "http://candidate.invalid/", {}).body == "ok"


@pytest.mark.parametrize("proxy", ["http://kim:s3cr3t@proxy:port", "socks5://kim:s3cr3t@proxy:1080", "http://"])
def test_a_proxy_that_is_none(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    reply = Http(10, True)("GET", "http://candidate.invalid/", {})
    assert reply.error == "the environment's http_proxy is not a URL such as http://proxy.example.com:3128"
    assert reply.final
    monkeypatch.setenv("no_proxy", "candidate.invalid")
    assert "http_proxy" not in str(Http(10, True)("GET", "http://candidate.invalid/", {}).error)


@pytest.mark.parametrize("sent", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"])
def test_what_is_no_whole_answer_is_an_error(sent: bytes) -> None:
    with server(lambda connection: answer(connection, sent)) as address:
        assert Http(10, True)("GET", f"http://{address}/", {}).error


def test_an_error_does_not_repeat_what_was_sent() -> None:
    """http.client quotes a header's value that it does not send."""
    reply = Http(10, True)("GET", "http://127.0.0.1:9/", {"X-Bad": "s3cr3t\nb"})
    assert "s3cr3t" not in str(reply.error)
    assert "header" in str(reply.error)


def test_bytes_that_are_not_text_are_shown_as_far_as_they_are() -> None:
    sent = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=latin-1\r\nContent-Length: 1\r\n\r\n\xe9"
    with server(lambda connection: answer(connection, sent)) as address:
        assert Http(10, True)("GET", f"http://{address}/", {}).body == "é"


@pytest.mark.parametrize("encoding", [b"utf8mb4", b"hex", b"undefined", b"idna", b"a\x00b"])
def test_an_encoding_that_python_does_not_know(encoding: bytes) -> None:
    text = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=" + encoding + b"\r\nContent-Length: 2\r\n\r\nok"
    with server(lambda connection: answer(connection, text)) as place:
        reply = Http(timeout=5, validate_certs=True)("GET", f"http://{place}/", {})
    assert (reply.status, reply.body, reply.error) == (200, "ok", None)


@pytest.mark.parametrize(
    "body",
    ['{"a": "é"}'.encode("utf-8-sig"), codecs.BOM_UTF16_LE + '{"a": "é"}'.encode("utf-16-le"), b'{"a": "\\u00e9"}'],
)
def test_a_mark_of_its_encoding_before_a_body_is_no_part_of_it(body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with server(lambda connection: answer(connection, head.encode() + body)) as address:
        assert Http(10, True)("GET", f"http://{address}/", {}).value("a") == "é"
