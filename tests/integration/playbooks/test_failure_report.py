# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read of a release that fails: the reason, where the traffic is, what is kept, and what to do next."""

from __future__ import annotations

import json
import os

import pytest

from switchyard_lab.load import BackgroundLoad
from tests.playing import ROOT, started
from tests.sample import Sample


@pytest.mark.thorough
def test_each_is_said_once(sample: Sample) -> None:
    steps = [{"weight": 20, "bake_seconds": 60}, {"weight": 100}]
    said = json.dumps({"bluegreen_release": "1.2.0-bad", "bluegreen_strategy": steps})
    given = [str(ROOT / "playbooks/deploy.yml"), "-i", str(sample.lab.inventory), "-e", said]
    with BackgroundLoad(sample.url, rate=60):
        code, output, errors = started(given, os.environ | sample.lab.env | {"ANSIBLE_NOCOLOR": "1"}, 300)
    assert code != 0
    reason = "Alarm demo-green-5xx is in ALARM"
    assert errors.count(reason) == 1, errors
    assert "shift green to 20 %, bake 1 min: failed" in errors
    assert "demo: blue has 100 % of the traffic of demo" in errors.splitlines()

    report = json.loads(output.partition("Fail with the reason")[2].partition("FAILED! => ")[2].splitlines()[0])["msg"]
    for part in (
        reason,
        "blue has all traffic",
        "demo-green-v002 is kept for inspection and marked as rejected",
        "Fix what failed, then deploy again",
    ):
        assert report.count(part) == 1, report
    assert report not in errors, "Ansible shows it"
