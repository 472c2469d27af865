# SPDX-License-Identifier: GPL-3.0-or-later
"""``switchyard-lab rehearse`` with a person's own inventory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
SERVICES = {
    "web": {
        "bluegreen_routes": [f"{ELB}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee"],
        "bluegreen_target_groups": {"blue": "web", "green": f"{ELB}:targetgroup/web-green/6d0ecf831eec9f09"},
        "bluegreen_test_route": {
            "arn": f"{ELB}:listener/app/web/50dc6c495c0c9188/a2f7dc8efc522ab2",
            "url": "https://web.example.com:8443",
        },
        "bluegreen_checks": [{"path": "/version", "json": {"ready": True}}],
        "bluegreen_alarms": ["web-blue-5xx", "web-green-5xx"],
        "bluegreen_strategy": [{"weight": 50, "bake_seconds": "5m"}, {"weight": 100, "bake_seconds": "1m"}],
    },
    "typo": {"bluegreen_routes": [f"{ELB}:listener/app/typo/50dc6c495c0c9188/f2f7dc8efc522ab2"]},
}


CONTROLLER = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}


def rehearse(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    inventory = folder / "services.yml"
    inventory.write_text(yaml.safe_dump({"bluegreen": {"hosts": SERVICES, "vars": CONTROLLER}}), encoding="utf-8")
    command = [sys.executable, "-m", "switchyard_lab", "rehearse", str(inventory), "--output", str(folder / "out")]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def test_a_definition_that_would_be_refused_is_not_rehearsed(tmp_path: Path) -> None:
    done = rehearse(tmp_path, "--limit", "typo")
    assert done.returncode == 1
    assert "refused: bluegreen_target_groups is not set" in done.stdout


def test_what_is_in_the_output_folder_stays(tmp_path: Path) -> None:
    """And a folder that cannot be used is a sentence."""
    kept = tmp_path / "out/mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine", encoding="utf-8")
    rehearse(tmp_path, "--limit", "typo")
    assert kept.read_text(encoding="utf-8") == "mine"
    done = rehearse(tmp_path, "--limit", "typo", "--output", str(kept))
    assert done.returncode == 1
    assert done.stderr.startswith(f"--output: {kept} cannot be used")


@pytest.mark.thorough
def test_a_good_and_a_bad_release_of_a_stand_in(tmp_path: Path) -> None:
    described = tmp_path / "described"
    described.mkdir()
    alarm = {"AlarmName": "web-green-5xx", "MetricName": "HTTPCode_Target_5XX_Count", "Threshold": 20.0}
    (described / "alarms.json").write_text(json.dumps({"MetricAlarms": [alarm]}), encoding="utf-8")
    done = rehearse(tmp_path, "--limit", "web", "--described", str(described))
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    assert "not rehearsed: checks only expect status 200" in said
    assert "good image: succeeded" in said
    assert "its bakes take 6 minutes on AWS" in said
    assert "bad image (30 % errors): rolled_back" in said
    good, bad = (line for line in said.splitlines() if " requests, " in line)
    assert good.endswith(" 0 failed")
    assert not bad.endswith(" 0 failed")
    assert "is in ALARM" in said
    pages = sorted(page.name for page in (tmp_path / "out").glob("*/*.html"))
    assert pages == ["web-rehearsal-bad.html", "web-rehearsal-good.html"]
