# SPDX-License-Identifier: GPL-3.0-or-later
"""Typical mistakes in the variables of a service, each on a host of its own: what people are told."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from switchyard_lab.client import LabProcess
from tests.playing import ROOT, playbook
from tests.plays import forked
from tests.unit.plugins.module_utils._core.definition.described import SERVICE
from tests.unit.plugins.module_utils._core.definition.mistakes import MISTAKES

OF_A_RELEASE = [mistake for mistake in MISTAKES if mistake.work == "deploy"]


@pytest.mark.thorough
def test_each_is_refused_with_its_sentence_and_nothing_is_written(lab: LabProcess, tmp_path: Path) -> None:
    assert len(OF_A_RELEASE) >= 60
    hosts = {f"service-{number:03}": mistake for number, mistake in enumerate(OF_A_RELEASE)}
    inventory = tmp_path / "services.yml"
    of_hosts = {host: SERVICE | dict(mistake.variables) for host, mistake in hosts.items()}
    inventory.write_text(yaml.safe_dump({"bluegreen": {"hosts": of_hosts}}), encoding="utf-8")
    since = time.time()
    played = playbook(ROOT / "playbooks/deploy.yml", lab.env, "-i", str(inventory), "--forks", "8", run=forked)
    assert played.returncode != 0
    assert lab.calls(since, kind="write") == []
    outcomes = played.outcomes
    ends = {outcome["end_state"] for outcome in outcomes.values()}
    assert (len(outcomes), ends) == (len(hosts), {"refused"})
    reported = " ".join(outcome["message"] for outcome in outcomes.values())
    missing = {
        host: mistake.said
        for host, mistake in hosts.items()
        if mistake.said not in outcomes.get(host, {}).get("message", reported)  # some are about the name of the service
    }
    assert missing == {}
