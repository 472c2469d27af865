# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials nothing renews, by where they come from, and when they expire if anybody says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base import session
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.sessions import UnrenewedSession

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
START = "https://example.awsapps.com/start"
CONFIG = f"""
[profile long]
aws_access_key_id = long
aws_secret_access_key = s
[profile session]
aws_access_key_id = short
aws_secret_access_key = s
aws_session_token = t
[profile role]
role_arn = arn:aws:iam::123456789012:role/release
source_profile = long
[profile process]
credential_process = echo '{{"Version": 1, "AccessKeyId": "p", "SecretAccessKey": "s", "SessionToken": "t"}}'
[profile identity]
role_arn = arn:aws:iam::123456789012:role/release
web_identity_token_file = /var/run/token
[profile sso]
sso_start_url = {START}
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = release
[sso-session ours]
sso_start_url = {START}
sso_region = eu-west-1
[profile renewing-sso]
sso_session = ours
sso_account_id = 123456789012
sso_role_name = release
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config").write_text(CONFIG, encoding="utf-8")
    monkeypatch.setattr(session, "READY", [])  # made ahead, and so with another environment
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    names = ("PROFILE", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "CREDENTIAL_EXPIRATION")
    for name in names:
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    return tmp_path


def signed_in(home: Path, name: str, **more: str) -> None:
    folder = home / ".aws/sso/cache"
    folder.mkdir(parents=True)
    cached = {"accessToken": "t", "expiresAt": "2030-01-01T12:00:00Z", **more}
    (folder / f"{sha1(name.encode()).hexdigest()}.json").write_text(json.dumps(cached), encoding="utf-8")


def of_profile(name: str) -> UnrenewedSession | None:
    return session.Clients({"profile": name, "region": "eu-west-1"}).unrenewed


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("profile", ["long", "role", "process", "identity"])
def test_what_does_not_expire_or_is_renewed(profile: str) -> None:
    assert of_profile(profile) is None


@pytest.mark.usefixtures("home")
def test_a_session_token_in_the_files_ends_and_nobody_says_when() -> None:
    assert of_profile("session") == UnrenewedSession("a session token in the AWS configuration files")


def test_a_sign_in_ends_when_its_cache_says_unless_it_is_refreshed(home: Path) -> None:
    signed_in(home, START)
    assert of_profile("sso") == UnrenewedSession("the sign-in of IAM Identity Center", NOON)


@pytest.mark.parametrize(("more", "ends"), [({}, NOON), ({"refreshToken": "r"}, None)])
def test_a_sign_in_of_a_session_is_refreshed(home: Path, more: dict[str, str], ends: datetime | None) -> None:
    signed_in(home, "ours", **more)
    found = of_profile("renewing-sso")
    assert (found.ends if found else None) == ends


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("token", "expires", "found"),
    [
        (None, None, None),
        ("t", None, UnrenewedSession("a session token")),
        ("t", "2030-01-01T12:00:00+00:00", UnrenewedSession("AWS_CREDENTIAL_EXPIRATION", NOON)),
        ("t", "2030-01-01T12:00:00Z", UnrenewedSession("AWS_CREDENTIAL_EXPIRATION", NOON)),
        ("t", "soon", UnrenewedSession("a session token")),
    ],
)
def test_keys_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, token: str | None, expires: str | None, found: UnrenewedSession | None
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "own")
    if expires:
        monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", expires)
    options = {"access_key": "own", "secret_key": "s", "session_token": token, "region": "eu-west-1"}
    assert session.Clients(options).unrenewed == found
