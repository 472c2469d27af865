# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of one play go by themselves: none waits for another, and a wave begins only when none before it failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from tests.playing import Played, started
from tests.sample import Sample

from .reading import states

SERVICES = ("alpha", "beta", "gamma")


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    with LabProcess(speed=20, latency_ms=5, propagation_ms=500, services=SERVICES) as lab:
        yield lab


@pytest.fixture
def sample(lab: LabProcess) -> Sample:
    return Sample(lab, "alpha")


def when(played: Played, service: str, task: str) -> datetime:
    found = [each for each in played.results if each["host"] == service and each["task"].endswith(task)]
    return datetime.fromisoformat(found[-1]["duration"]["end"])


@pytest.mark.thorough
def test_a_wave_begins_only_when_no_service_before_it_failed(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "hook.yml"
    hook.write_text("- ansible.builtin.fail: {msg: The cache is cold.}\n")
    variables = {
        "bluegreen_release": "{{ '1.1.0' if inventory_hostname == 'alpha' else '1.0.0' }}",
        "bluegreen_hooks": {"before_provision": str(hook)},
        "bluegreen_serial": 2,
    }
    played = sample.open("provision", **variables)
    assert states(played) == {"alpha": "rolled_back", "beta": "unchanged", "gamma": "refused"}, played.messages
    assert "gamma is not released: alpha failed in this run" in played.results[-1]["msg"]
    monkeypatch.setenv("ANSIBLE_CALLBACKS_ENABLED", "switchyard.bluegreen.summary")
    allowed = Sample(sample.lab, "alpha", run=started).open("provision", **variables, bluegreen_max_failed=1)
    assert states(allowed) == {"alpha": "rolled_back", "beta": "unchanged", "gamma": "unchanged"}, allowed.messages
    summary = ["3 services: 2 unchanged, 1 rolled back.", "unchanged: beta, gamma", "rolled back: alpha"]
    *lines, why = allowed.stderr.splitlines()[-4:]
    assert lines == summary
    assert why.startswith("  alpha: The release of alpha was rolled back;")
    assert "The cache is cold." in why


def test_a_service_that_was_not_begun_has_an_outcome_and_is_in_the_summary(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ansible begins no batch after one in which every service failed."""
    monkeypatch.setenv("ANSIBLE_CALLBACKS_ENABLED", "switchyard.bluegreen.summary")
    played = Sample(sample.lab, "alpha", run=started).open(
        "provision", bluegreen_release="1.0.0", bluegreen_strategy="typo", bluegreen_serial=1
    )
    assert states(played) == dict.fromkeys(SERVICES, "refused")
    assert "typo" in played.outcomes["alpha"]["message"]
    assert played.outcomes["gamma"]["message"].startswith("gamma was not begun: alpha, in a batch before it,")
    assert "3 services: 2 not begun, 1 refused.\nnot begun: beta, gamma\nrefused: alpha\n" in played.stderr


def test_without_waves_a_failure_stops_no_other_service_and_the_job_only_where_it_is_to(
    sample: Sample, tmp_path: Path
) -> None:
    """One after the other: those that begin after the failure are in a play that has lost a host."""
    hook = tmp_path / "hook.yml"
    hook.write_text("- ansible.builtin.fail: {msg: The cache is cold.}\n")
    played = sample.open(
        "provision",
        "--forks",
        "1",
        bluegreen_release="{{ '1.1.0' if inventory_hostname == 'alpha' else '1.0.0' }}",
        bluegreen_image_id="{{ bluegreen_images[bluegreen_release] if inventory_hostname != 'gamma' else 'latest' }}",
        bluegreen_hooks={"before_provision": str(hook)},
        bluegreen_fail_on="{{ ['refused'] if inventory_hostname == 'gamma' else 'nothing' }}",
    )
    assert states(played) == {"alpha": "rolled_back", "beta": "unchanged", "gamma": "refused"}, played.messages
    failures = {name: its["failures"] for name, its in played.stats.items()}
    assert (failures["alpha"], failures["beta"], failures["gamma"]) == (0, 0, 1)
    assert "The release of alpha was rolled back; blue has all traffic." in played.stderr, (
        "though no task fails with it"
    )
    assert played.returncode == 2


@pytest.mark.thorough
def test_an_alarm_returns_one_service_while_the_others_bake(sample: Sample) -> None:
    """Each with steps of its own, which the linear strategy would take one service after the other."""
    variables = {
        "bluegreen_release": "{{ '1.2.0-bad' if inventory_hostname == 'alpha' else '1.1.0' }}",
        "bluegreen_strategy": "{{ steps[inventory_hostname] }}",
        "steps": {
            "alpha": [{"weight": 20, "bake_seconds": 60}, {"weight": 100}],
            "beta": [{"weight": 10, "bake_seconds": 24}, {"weight": 100}],
            "gamma": [{"weight": 50, "bake_seconds": 20}, {"weight": 100}],
        },
        "bluegreen_final_bake_seconds": 0,
        "bluegreen_propagation_timeout": 0,
    }
    with BackgroundLoad(sample.url, rate=50):
        played = sample.open("deploy", **variables)
    assert states(played) == {"alpha": "rolled_back", "beta": "succeeded", "gamma": "succeeded"}, played.messages
    returned = when(played, "alpha", "Fail with the reason")
    assert returned < when(played, "gamma", "Declare the candidate stable")
    assert returned < when(played, "beta", "Declare the candidate stable")
    apart = when(played, "beta", "Declare the candidate stable") - when(played, "gamma", "Declare the candidate stable")
    assert abs(apart.total_seconds()) < 10, "one waited for the other"
