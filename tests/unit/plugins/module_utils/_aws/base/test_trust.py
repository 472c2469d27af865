# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections over TLS: certificates are parsed once, and verified each time."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base import trust as trusted
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.session import Clients
from botocore.exceptions import SSLError

from switchyard_lab.authority import CERTIFICATE_FILE, Authority

ANSWER = b"<DescribeAccountLimitsResponse><DescribeAccountLimitsResult/></DescribeAccountLimitsResponse>"


class Answering(BaseHTTPRequestHandler):
    """Closes each connection once it has answered."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("x-amzn-requestid", "1")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_said: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    issued = Authority.create(tmp_path).issue(["localhost"])
    (tmp_path / "own.pem").write_text(issued.certificate + issued.key, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as serving:
        serving.socket = context.wrap_socket(serving.socket, server_side=True)
        thread = Thread(target=serving.serve_forever)
        thread.start()
        yield f"https://localhost:{serving.server_address[1]}"
        serving.shutdown()
        thread.join()


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The files of certificates that were parsed, in a process that has parsed none yet."""
    files: list[Any] = []
    original = ssl.SSLContext.load_verify_locations

    def noted(self: ssl.SSLContext, cafile: Any = None, *others: Any) -> None:
        files.append(cafile)
        original(self, cafile, *others)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", noted)
    trusted.trust.cache_clear()
    yield files
    trusted.trust.cache_clear()


def client_of(server: str, **options: Any) -> Any:
    given = {"access_key": "a", "secret_key": "s", "region": "eu-west-1", "endpoint_url": server}
    return Clients(given | options)("autoscaling")


def test_connections_share_what_was_parsed(
    server: str, parsed: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = str(tmp_path / CERTIFICATE_FILE)
    monkeypatch.setattr(trusted, "get_cert_path", lambda _verify: bundle)
    monkeypatch.setattr("botocore.httpsession.get_cert_path", lambda _verify: bundle)
    for client in (client_of(server), client_of(server)):
        for _connection in range(3):
            client.describe_account_limits()
    assert parsed == [bundle]


def test_whoever_is_not_trusted_is_refused(server: str, parsed: list[Any]) -> None:
    client = client_of(server, aws_config={"retries": {"total_max_attempts": 1}})
    for _connection in range(2):
        with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            client.describe_account_limits()
    assert len(parsed) == 1


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_own_certificates_and_none_leave_the_shared_ones_alone(server: str, parsed: list[Any], tmp_path: Path) -> None:
    client_of(server, aws_ca_bundle=str(tmp_path / CERTIFICATE_FILE)).describe_account_limits()
    client_of(server, validate_certs=False).describe_account_limits()
    assert parsed == [str(tmp_path / CERTIFICATE_FILE)]
    with pytest.raises(SSLError):
        client_of(server, aws_config={"retries": {"total_max_attempts": 1}}).describe_account_limits()
    assert trusted.trust().verify_mode is ssl.CERT_REQUIRED
