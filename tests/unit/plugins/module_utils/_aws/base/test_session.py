# SPDX-License-Identifier: GPL-3.0-or-later
"""With whose keys, and in which region, AWS is called."""

from __future__ import annotations

from pathlib import Path

import botocore.endpoint
import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base import session
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and a region that are found where the environment says nothing, as a role of the instance would be."""
    (tmp_path / "config").write_text(
        "[default]\nregion = eu-central-1\naws_access_key_id = found\naws_secret_access_key = s\n", encoding="utf-8"
    )
    monkeypatch.setattr(session, "READY", [])  # made ahead, and so with another environment
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    # As AWX sets them for fields of a credential that nobody has filled in.
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "")


@pytest.mark.usefixtures("elsewhere")
def test_empty_text_is_neither_a_key_nor_a_region() -> None:
    options = ("access_key", "secret_key", "session_token", "profile", "region", "endpoint_url")
    client = session.Clients(dict.fromkeys(options, ""))("elbv2")
    credentials = client._request_signer._credentials
    assert (credentials.access_key, credentials.token) == ("found", None)
    assert client.meta.endpoint_url == "https://elasticloadbalancing.eu-central-1.amazonaws.com"


@pytest.mark.usefixtures("elsewhere")
def test_keys_without_a_session_token_are_keys() -> None:
    options = {"access_key": "own", "secret_key": "s", "session_token": "", "region": "eu-west-1"}
    client = session.Clients(options)("elbv2")
    credentials = client._request_signer._credentials
    assert (credentials.access_key, credentials.token) == ("own", None)
    assert client.meta.region_name == "eu-west-1"


@pytest.mark.usefixtures("elsewhere")
def test_credentials_that_were_taken_away_are_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call fails as it did, with the error of AWS."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    clients = session.Clients({})
    client = clients("elbv2")
    (tmp_path / "config").write_text("[default]\nregion = eu-central-1\n", encoding="utf-8")
    expired = None, {"Error": {"Code": "ExpiredToken"}}
    emitted = client.meta.events.emit(
        "needs-retry.elbv2.DescribeTags",
        response=expired,
        request_dict={"context": {session.ASKED: {}}},
        operation=client.meta.service_model.operation_model("DescribeTags"),
        attempts=1,
        caught_exception=None,
        endpoint=None,
    )
    assert [delay for _handler, delay in emitted if delay is not None] == []


class Busy(AWSResponse):
    """AWS, which throttles every call."""

    def __init__(self) -> None:
        super().__init__("https://aws.example", 429, {}, None)

    @property
    def content(self) -> bytes:
        return b'{"__type": "TooManyRequestsException"}'


@pytest.mark.usefixtures("elsewhere")
def test_nobody_waits_long_for_a_quota_that_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(botocore.endpoint.time, "sleep", pauses.append)
    client = session.Clients({})("service-quotas")
    client.meta.events.register("before-send", lambda **_request: Busy())
    with pytest.raises(ClientError, match="TooManyRequests"):
        client.get_service_quota(ServiceCode="ec2", QuotaCode="L-1216C47A")
    assert len(pauses) == 4
    assert sum(pauses) <= 15
