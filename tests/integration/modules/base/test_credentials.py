# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials that expire while a task waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from tests.integration.conftest import Ask

from ..alarms import alarm_in
from ..demo import Demo

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@pytest.fixture
def provider(tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """A profile whose process hands out new keys each time it is asked, and does not say when they expire."""
    del ask  # it has set the environment
    for name in KEYS:
        monkeypatch.delenv(name)
    script, config = tmp_path / "keys.sh", tmp_path / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))

    def made(name: str) -> str:
        answer = f'{{"Version": 1, "AccessKeyId": "{name}-%s", "SecretAccessKey": "x"}}'
        count = f"n=$(($(cat {tmp_path}/{name} 2>/dev/null || echo 0) + 1)); echo $n > {tmp_path}/{name}"
        script.write_text(f"#!/bin/sh\n{count}\nprintf '{answer}' $n\n", encoding="utf-8")
        script.chmod(0o755)
        config.write_text(f"[profile {name}]\ncredential_process = {script}\n", encoding="utf-8")
        return name

    return made


def test_a_bake_goes_on_with_the_new_keys_of_the_provider(
    ask: Ask, lab: LabProcess, provider: Callable[[str], str]
) -> None:
    profile, alarm = provider("baker"), alarm_in(lab, "OK")
    lab.fault(operation="DescribeAlarms", error="expired", after=1)
    result = ask("bake", seconds=2, interval=0.4, alarms=[alarm], profile=profile)
    assert result["verdict"] == "pass", result["msg"]


def test_keys_that_nobody_renews_fail_a_bake(ask: Ask, lab: LabProcess) -> None:
    alarm = alarm_in(lab, "OK")
    lab.fault(operation="DescribeAlarms", error="expired", after=1)
    keys = {"access_key": "renewed-by-nobody", "secret_key": "x"}
    result = ask("bake", seconds=10, interval=0.4, alarms=[alarm], **keys)
    assert result["verdict"] == "fail"
    assert "ExpiredToken" in result["msg"]


def test_a_wait_goes_on_with_the_new_keys_of_the_provider(
    ask: Ask, lab: LabProcess, scene: Any, provider: Callable[[str], str]
) -> None:
    group = scene.target_group()
    scene.listener({group: 100})
    name = scene.group(1, (group,))
    lab.fault(operation="DescribeTargetHealth", error="expired", after=1)
    result = ask(
        "target_registration", target_group=group, autoscaling_group=name, wait_timeout=60, profile=provider("waiter")
    )
    assert not result.get("failed"), result["msg"]


@pytest.mark.parametrize("operation", ["DescribeTags", "AddTags"])
def test_a_single_call_is_made_again_with_the_new_keys_of_the_provider(
    ask: Ask, lab: LabProcess, demo: Demo, provider: Callable[[str], str], operation: str
) -> None:
    """Reads and writes that nobody waits for."""
    demo.live(0)
    lab.fault(operation=operation, error="expired")
    groups = demo.definition["target_groups"]
    result = ask(
        "freeze", service=demo.service, target_groups=groups, reason="Stock-taking", profile=provider("keeper")
    )
    assert result.get("changed"), result["msg"]
