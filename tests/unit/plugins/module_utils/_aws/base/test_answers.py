# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands between a machine and AWS, and what is wrong on the machine: each is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.bake import cloudwatch
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base import errors, session, sts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.session import Clients
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.group import autoscaling
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.launch import ec2, ssm
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.safety import scheduler
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.store import objects
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.traffic import elbv2, route53, target_groups
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError, StoppedError

Answer = tuple[int, str, bytes]  # status, content type and body
HTML = (200, "text/html", b"<!DOCTYPE html><html><body>Sign in<br></body></html>")
XHTML = (200, "text/html", b"<html><body>Sign in</body></html>")  # XML for a parser
EMPTY = (200, "text/plain", b"")
JSON = (200, "application/json", b'{"message": "Sign in"}')

GROUPS = b"""<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups/>
</DescribeAutoScalingGroupsResult><ResponseMetadata><RequestId>a</RequestId></ResponseMetadata>
</DescribeAutoScalingGroupsResponse>"""
# One of each API and protocol, reads and writes.
CALLS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "a read of elbv2": ("elbv2", lambda client: elbv2.describe_listeners(client, ["arn:a"])),
    "a write of elbv2": ("elbv2", lambda client: elbv2.modify_listener(client, "arn:a", [])),
    "autoscaling": ("autoscaling", lambda client: autoscaling.describe_groups(client, names=["a"])),
    "ec2": ("ec2", lambda client: ec2.describe_images(client, ["ami-1"])),
    "cloudwatch": ("cloudwatch", lambda client: cloudwatch.describe_alarms(client, ["a"])),
    "route53": ("route53", lambda client: route53.get_change(client, "a")),
    "a read of s3": ("s3", lambda client: objects.get_object(client, "bucket", "key")),
    "a listing of s3": ("s3", lambda client: objects.list_objects(client, "bucket", "key")),
    "a write of s3": ("s3", lambda client: objects.delete_object(client, "bucket", "key")),
    "a read of scheduler": ("scheduler", lambda client: scheduler.get_schedule(client, "a", "b")),
    "a write of scheduler": ("scheduler", lambda client: scheduler.delete_schedule(client, "a", "b")),
    "ssm": ("ssm", lambda client: ssm.get_parameter(client, "/a")),
    "sts": ("sts", lambda client: sts.assume_role(client, "arn:aws:iam::123456789012:role/a", "bluegreen")),
}


class Endpoint:
    """Answers the same to every request, after what it answers ``first``."""

    answer: Answer = EMPTY

    def __init__(self, url: str) -> None:
        self.url = url
        self.first: list[Answer] = []

    def clients(self, **more: Any) -> Clients:
        keys = {"access_key": "a", "secret_key": "s", "region": "eu-west-1"}
        return Clients({**keys, "endpoint_url": self.url, "aws_config": {"retries": {"total_max_attempts": 1}}, **more})


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, body = made.first.pop() if made.first else made.answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Endpoint(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No configuration but the one that a test writes, and no time lost between two attempts."""
    monkeypatch.setattr(errors, "PROXY_PAUSE", 0.0)
    monkeypatch.setattr(session, "READY", [])
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


@pytest.mark.parametrize("answer", [HTML, XHTML, EMPTY, JSON], ids=["html", "xhtml", "empty", "json"])
@pytest.mark.parametrize("call", CALLS)
def test_what_does_not_name_its_request_is_not_aws(endpoint: Endpoint, call: str, answer: Answer) -> None:
    """Of S3, botocore itself takes an answer that is no XML for a failure of the server."""
    service, work = CALLS[call]
    endpoint.answer = answer
    said = r"What answered while .* is not AWS, but perhaps a proxy\. Check HTTPS_PROXY, and"
    with pytest.raises(
        BluegreenError, match=said if service != "s3" else rf"{said}|Internal Server Error \(\w+: 500\)"
    ):
        work(endpoint.clients()(service))


@pytest.mark.parametrize("page", [HTML, EMPTY], ids=["html", "empty"])
def test_a_call_that_a_proxy_has_answered_is_made_again(endpoint: Endpoint, page: Answer) -> None:
    endpoint.first, endpoint.answer = [page, page], (200, "text/xml", GROUPS)
    assert CALLS["autoscaling"][1](endpoint.clients()("autoscaling")) == []
    assert endpoint.first == []


@pytest.mark.parametrize("status", [300, 302, 403, 407, 408])
@pytest.mark.parametrize("call", [each for each in CALLS if "s3" not in each])
def test_a_refusal_that_does_not_name_its_request_is_not_aws(endpoint: Endpoint, call: str, status: int) -> None:
    service, work = CALLS[call]
    endpoint.answer = (status, *XHTML[1:])
    with pytest.raises(BluegreenError, match=r"What answered while .* is not AWS, but perhaps a proxy\."):
        work(endpoint.clients()(service))


def test_an_error_without_a_message_is_told_by_its_code(endpoint: Endpoint) -> None:
    endpoint.answer = (400, "application/x-amz-json-1.1", b'{"__type": "Odd", "message": null}')
    with pytest.raises(BluegreenError, match=r"\(GetParameter: Odd"):
        CALLS["ssm"][1](endpoint.clients()("ssm"))


def refused(code: str) -> Answer:
    error = f"<ErrorResponse><Error><Code>{code}</Code><Message>No.</Message></Error></ErrorResponse>"
    return 400, "text/xml", error.encode()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refused("SignatureDoesNotMatch"), "SignatureDoesNotMatch). Check the clock of this machine, and the secret"),
        (refused("RequestExpired"), "RequestExpired). Check the clock of this machine, and whether the credentials"),
        (refused("InvalidClientTokenId"), "InvalidClientTokenId). Check the access key, and that the region is"),
        ((407, "text/html", b"<html>"), "is not AWS, but perhaps a proxy. Check HTTPS_PROXY"),
    ],
)
def test_what_a_person_can_do_about_a_refusal(endpoint: Endpoint, answer: Answer, said: str) -> None:
    endpoint.answer = answer
    with pytest.raises(BluegreenError) as failure:
        CALLS["a read of elbv2"][1](endpoint.clients()("elbv2"))
    assert said in str(failure.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"endpoint_url": "localhost:5000"}, "endpoint_url: It must begin with http:// or https:// and a host."),
        ({"endpoint_url": "http://kim:s3cr3t@example.com"}, "endpoint_url: It has a user name or a password in it."),
        ({"aws_config": {"read_tiemout": 1}}, "The AWS SDK cannot use its settings: Got unexpected keyword argument"),
        ({"aws_config": {"retries": 5}}, "Check aws_config (retries) and the configuration file."),
        ({"aws_config": {"retries": {"mode": "never"}}}, "AWS could not be asked while connecting to elbv2: Invalid"),
        ({"aws_config": {"connect_timeout": "soon"}}, "Check aws_config (connect_timeout) and the configuration file."),
        ({"region": "eu west"}, "Check that the region exists (bluegreen_region), and the network."),
        ({"region": None}, "You must specify a region. Set bluegreen_region, or AWS_REGION."),
        ({"profile": "nobody", "access_key": None}, "The config profile (nobody) could not be found. Check bluegreen_"),
    ],
)
def test_settings_that_the_sdk_cannot_use(options: dict[str, Any], said: str) -> None:
    clients = {"access_key": "a", "secret_key": "s", "region": "eu-west-1", "aws_config": {}, **options}
    with pytest.raises(BluegreenError) as failure:
        CALLS["a read of elbv2"][1](Clients(clients)("elbv2"))
    assert said in str(failure.value)
    assert "s3cr3t" not in str(failure.value)


@pytest.mark.parametrize(("bundle", "why"), [("/nowhere", "No such file"), (None, "")])
def test_a_certificate_that_the_sdk_does_not_trust(endpoint: Endpoint, bundle: str | None, why: str) -> None:
    clients = endpoint.clients(endpoint_url=endpoint.url.replace("http:", "https:"), aws_ca_bundle=bundle)
    with pytest.raises(BluegreenError, match=rf"SSL validation failed .*{why}.* name its file in AWS_CA_BUNDLE\.$"):
        CALLS["a read of elbv2"][1](clients("elbv2"))


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("AWS_ENDPOINT_URL", "localhost:5000", "Invalid endpoint: localhost:5000. Check the variables AWS_*"),
        ("AWS_PROFILE", "nobody", "The config profile (nobody) could not be found."),
    ],
)
def test_an_environment_that_the_sdk_cannot_use(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BluegreenError) as failure:
        CALLS["a read of elbv2"][1](Clients({"access_key": "a", "secret_key": "s", "region": "eu-west-1"})("elbv2"))
    assert said in str(failure.value)


@pytest.mark.parametrize(
    ("variable", "value"), [("AWS_MAX_ATTEMPTS", ""), ("AWS_ENDPOINT_URL", "localhost:5000"), ("AWS_PROFILE", "nobody")]
)
def test_a_play_does_not_end_by_what_a_task_can_report(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """Models are loaded before the first task, in Ansible's own process, where nothing catches an error."""
    monkeypatch.setenv(variable, value)
    session.warm.cache_clear()
    session.warm("elbv2")
    assert session.READY == []


@pytest.mark.parametrize("text", [b"[default\nregion", b"\xff\xfe\x00", b"region = eu-west-1\n"])
def test_a_configuration_file_that_is_none(alone: Path, text: bytes) -> None:
    (alone / "config").write_bytes(text)
    with pytest.raises(BluegreenError, match=r"Unable to parse config file: .*/config\. Correct the file\."):
        Clients({"region": "eu-west-1"})("elbv2")


def test_a_proxy_that_nothing_listens_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://kim:s3cr3t@127.0.0.1:9")
    clients = Clients({"access_key": "a", "secret_key": "s", "region": "eu-west-1", "aws_config": {}})
    with pytest.raises(BluegreenError, match="Check the proxy in HTTPS_PROXY") as failure:
        CALLS["a read of elbv2"][1](clients("elbv2"))
    assert "s3cr3t" not in str(failure.value)


def test_text_that_no_request_can_carry_is_a_sentence(endpoint: Endpoint) -> None:
    """From JSON: in Python, half of a surrogate pair is a character."""
    with pytest.raises(BluegreenError, match=r"^AWS could not be asked while reading target group .*: half of a"):
        target_groups.describe_target_group_if_any(endpoint.clients()("elbv2"), "\ud800")


@pytest.mark.parametrize(("call", "asked"), [("a write of elbv2", 1), ("a read of elbv2", 0)])
def test_what_moves_traffic_is_not_sent_again_by_whoever_may_not_write_any_more(
    endpoint: Endpoint, call: str, asked: int
) -> None:
    """As a run whose lease was taken while AWS throttled its write."""
    looks = []

    def stop() -> None:
        looks.append("at the lease")
        raise StoppedError("Another run has begun.")

    endpoint.answer = refused("Throttling")
    clients = endpoint.clients(aws_config={"retries": {"total_max_attempts": 2}})
    clients.guard_moves(stop)
    with pytest.raises(BluegreenError, match="Another run" if asked else "Throttling"):
        CALLS[call][1](clients("elbv2"))
    assert len(looks) == asked
