# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials that expire every few seconds, and whose provider gives new ones: every playbook goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from tests.sample import Sample

from .retaining import RETAINED, await_due

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
LASTS = 4  # seconds: less than a bake
BAKES = {"bluegreen_strategy": [{"weight": 50, "bake_seconds": 6}, {"weight": 100, "bake_seconds": 6}]}
AT_ONCE = {"bluegreen_quiet_seconds": 0, "bluegreen_drain_timeout": 0, "bluegreen_keep_failed": 0}
ROLLED = {"bluegreen_instance_warmup": 0, "bluegreen_bake_seconds": 6, "bluegreen_hold_seconds": 60}
EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def process(_lab: LabProcess, folder: Path) -> str:
    """It does not say when they expire."""
    script = folder / "keys.sh"
    answer = '{"Version": 1, "AccessKeyId": "key-%s", "SecretAccessKey": "x", "SessionToken": "token"}'
    script.write_text(f"#!/bin/sh\nprintf '{answer}' $$-$(date +%s%N)\n", encoding="utf-8")
    script.chmod(0o755)
    return f"credential_process = {script}"


def role(lab: LabProcess, _folder: Path) -> str:
    keys = "aws_access_key_id = lab\naws_secret_access_key = lab"
    return f"{assuming(lab)}\nsource_profile = long\n[profile long]\n{keys}"


def web_identity(lab: LabProcess, folder: Path) -> str:
    token = folder / "token"
    token.write_text("a JSON Web Token", encoding="utf-8")
    return f"{assuming(lab)}\nweb_identity_token_file = {token}"


def assuming(lab: LabProcess) -> str:
    return f"role_arn = {lab.role('release', EVERYTHING)}"


PROVIDERS: Mapping[str, Callable[[LabProcess, Path], str]] = {
    "process": process,
    "role": role,
    "web-identity": web_identity,
}


@pytest.fixture
def lab() -> Iterator[LabProcess]:
    with LabProcess(speed=20, token_seconds=LASTS) as lab:
        yield lab


def signed(lab: LabProcess, folder: Path, provider: str) -> Sample:
    config = folder / "config"
    config.write_text(f"[profile renewed]\n{PROVIDERS[provider](lab, folder)}\n", encoding="utf-8")
    env = {name: value for name, value in lab.env.items() if name not in KEYS}
    files = {"AWS_CONFIG_FILE": str(config), "AWS_EC2_METADATA_DISABLED": "true"}
    return replace(Sample(lab), env={**env, **files, "AWS_PROFILE": "renewed"})


@pytest.mark.thorough
@pytest.mark.parametrize("provider", ["process", "role", "web-identity"])
def test_a_release_outlasts_credentials_that_are_renewed(
    lab: LabProcess, tmp_path: Path, good: dict[str, Any], provider: str
) -> None:
    played = signed(lab, tmp_path, provider).open("deploy", **good | BAKES)
    assert played.outcomes["demo"]["end_state"] == "succeeded", played.messages


@pytest.mark.thorough
def test_every_playbook_goes_on(lab: LabProcess, tmp_path: Path) -> None:
    sample = signed(lab, tmp_path, "process")
    candidate = {"bluegreen_release": "1.1.0", **BAKES}
    for door, variables in (
        ("status", {}),
        ("freeze", {"bluegreen_freeze_reason": "Stock-taking"}),
        ("unfreeze", {}),
        ("plan", candidate),
        ("provision", candidate),
        ("verify", candidate),
        ("swap", candidate),
        ("rollback", {}),
        ("watch", AT_ONCE),
        ("deploy", candidate | {"bluegreen_retain_seconds": RETAINED}),
        ("teardown", AT_ONCE),
        ("roll", {"bluegreen_release": "1.0.0", **ROLLED}),
        ("rollback", ROLLED),
        ("history", {}),
    ):
        if door == "teardown":
            await_due(sample.status())
        played = sample.open(door, **variables)
        assert played.returncode == 0, (door, played.messages)
        assert door != "teardown" or played.changed
    expired = [call for call in lab.calls() if call["status"] in (400, 403)]
    assert expired, "no credentials expired meanwhile"
