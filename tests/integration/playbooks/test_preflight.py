# SPDX-License-Identifier: GPL-3.0-or-later
"""plan.yml: the reads and the report, and nothing else."""

from __future__ import annotations

import time

import pytest

from switchyard_lab.client import LabProcess
from tests.sample import Sample


@pytest.fixture(scope="module")
def sample(lab: LabProcess) -> Sample:
    return Sample(lab)


def test_it_reads_and_touches_nothing(sample: Sample) -> None:
    since = time.time()
    played = sample.open("plan", bluegreen_release="1.1.0")
    assert played.returncode == 0, played.messages
    (reported,) = [each["msg"] for each in played.results if each["task"].endswith(": Report what was found")]
    assert reported[0] == "Nothing was found that prevents a release."
    assert [title.split()[0] for title in reported[1:]] == [
        *("build", "point", "check", "check", "match"),
        *("shift", "shift", "shift", "declare"),
    ]
    outcome = played.outcomes["demo"]
    assert (outcome["end_state"], outcome["stable"], outcome["stages"]) == ("checked", "blue", reported[1:])
    assert sample.lab.calls(since, kind="write") == []


def test_a_bad_definition_is_told_in_one_report(sample: Sample) -> None:
    since = time.time()
    wrong = {"bluegreen_image_id": "ami-0123456789abcdef0", "bluegreen_strategy": [{"weight": 50}]}
    played = sample.open("plan", bluegreen_release="1.1.0", **wrong)
    assert played.returncode != 0
    assert played.outcomes["demo"]["end_state"] == "refused"
    assert "ami-0123456789abcdef0" in played.messages
    assert "The last step must have weight 100" in played.messages
    assert sample.lab.calls(since, kind="write") == []


def test_the_tag_that_it_was_once_points_to_the_playbook(sample: Sample) -> None:
    since = time.time()
    played = sample.open("deploy", "--tags", "preflight", bluegreen_release="1.1.0")
    assert played.returncode != 0
    assert "Run the playbook switchyard.bluegreen.plan instead" in played.messages
    assert sample.lab.calls(since) == []
